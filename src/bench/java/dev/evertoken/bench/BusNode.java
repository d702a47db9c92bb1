package dev.evertoken.bench;

import dev.evertoken.boot.Node;
import dev.evertoken.boot.settings.SettingsLoader;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** A node that also echoes on the bus what it was told to: {@code BusNode KEY=VALUE…}. */
public final class BusNode {

  static final String LEARN = "bench.learn";

  private BusNode() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      settings.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    Map<String, String> environment = Map.of("EVERTOKEN_ADMIN_KEY", Stand.ADMIN_KEY);
    Node node = Stand.within(Node.start(SettingsLoader.of(settings, environment).settings()));
    Vertx vertx = node.vertx();
    Stand.within(
        vertx
            .eventBus()
            .<JsonObject>consumer(
                LEARN,
                told ->
                    Echo.deploy(vertx, told.body())
                        .onSuccess(deployed -> told.reply(new JsonObject()))
                        .onFailure(failure -> told.fail(500, "not deployed")))
            .completion());
    System.out.println("serving");
  }
}
