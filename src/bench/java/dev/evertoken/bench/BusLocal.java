package dev.evertoken.bench;

import dev.evertoken.boot.Node;
import dev.evertoken.bus.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;

/** A token call over the event bus of the node that is asked. */
final class BusLocal implements Figure {

  @Override
  public List<Result> measure(Path folder) throws Exception {
    try (Stand stand = new Stand(folder)) {
      Node node = stand.node();
      Vertx vertx = node.vertx();
      long account = stand.account("http://127.0.0.1:" + node.httpPort());
      JsonObject question = new JsonObject().put("account", account);
      JsonObject answer = Stand.within(BusCalls.ask(vertx, Addresses.TOKEN_GET, question));
      Stand.within(Echo.deploy(vertx, answer));
      Result result = BusCalls.compare("event-bus token call, local ÷ echo", vertx, account);
      Stand.within(node.stop());
      return List.of(result);
    }
  }
}
