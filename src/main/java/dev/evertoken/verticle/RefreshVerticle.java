package dev.evertoken.verticle;

import dev.evertoken.app.BackgroundRefresh;
import dev.evertoken.app.Housekeeping;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** The background work of a node while it is deployed; one a node. */
public final class RefreshVerticle extends VerticleBase {

  private final BackgroundRefresh background;
  private final Housekeeping housekeeping;

  public RefreshVerticle(BackgroundRefresh background, Housekeeping housekeeping) {
    this.background = background;
    this.housekeeping = housekeeping;
  }

  @Override
  public Future<?> start() {
    background.start();
    housekeeping.start();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    background.stop();
    housekeeping.stop();
    return Future.succeededFuture();
  }
}
