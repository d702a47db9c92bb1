package dev.evertoken.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** Answers a message of the bus with the same JSON object each time; one a core. */
final class Echo extends VerticleBase {

  static final String ADDRESS = "bench.echo";

  private final JsonObject reply;

  private Echo(JsonObject reply) {
    this.reply = reply;
  }

  static Future<String> deploy(Vertx vertx, JsonObject reply) {
    return vertx.deployVerticle(
        () -> new Echo(reply),
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()));
  }

  @Override
  public Future<?> start() {
    return vertx
        .eventBus()
        .<JsonObject>consumer(ADDRESS, message -> message.reply(reply))
        .completion();
  }
}
