package dev.evertoken.bench;

import dev.evertoken.bus.Addresses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Token calls over the bus and echoes of the same payload, in turns. */
final class BusCalls {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final Duration EACH = Duration.ofSeconds(Integer.getInteger("bench.seconds", 8));

  private BusCalls() {}

  static Result compare(String figure, Vertx vertx, long account) throws Exception {
    JsonObject question = new JsonObject().put("account", account);
    List<Context> loops = Asking.loops(vertx);
    List<Double> tokens = new ArrayList<>();
    List<Double> echoes = new ArrayList<>();
    for (int warmUp = 0; warmUp < 2; warmUp++) {
      Asking.perSecond(loops, EACH, () -> ask(vertx, Echo.ADDRESS, question));
      Asking.perSecond(loops, EACH, () -> ask(vertx, Addresses.TOKEN_GET, question));
    }
    for (int round = 0; round < ROUNDS; round++) {
      echoes.add(Asking.perSecond(loops, EACH, () -> ask(vertx, Echo.ADDRESS, question)));
      tokens.add(Asking.perSecond(loops, EACH, () -> ask(vertx, Addresses.TOKEN_GET, question)));
    }
    return new Result(figure, "requests/s", tokens, echoes);
  }

  static Future<JsonObject> ask(Vertx vertx, String address, JsonObject question) {
    return vertx.eventBus().<JsonObject>request(address, question).map(reply -> reply.body());
  }
}
