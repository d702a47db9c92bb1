package dev.evertoken.verticle;

import dev.evertoken.app.BackgroundRefresh;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** The background refresh of a node while it is deployed; one a node. */
public final class RefreshVerticle extends VerticleBase {

  private final BackgroundRefresh background;

  public RefreshVerticle(BackgroundRefresh background) {
    this.background = background;
  }

  @Override
  public Future<?> start() {
    background.start();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    background.stop();
    return Future.succeededFuture();
  }
}
