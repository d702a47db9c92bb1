package dev.evertoken.verticle;

import dev.evertoken.http.HttpApi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One server of the HTTP API; one a core. */
public final class HttpVerticle extends VerticleBase {

  private final HttpApi api;
  private final IntConsumer listening;
  private @Nullable HttpServer server;

  /**
   * Wires it.
   *
   * @param listening told the port once it listens
   */
  public HttpVerticle(HttpApi api, IntConsumer listening) {
    this.api = api;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    return api.listen(vertx).onSuccess(this::started);
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  private void started(HttpServer listens) {
    server = listens;
    listening.accept(listens.actualPort());
  }
}
