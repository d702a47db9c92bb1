package dev.evertoken.boot;

import dev.evertoken.app.refresh.EscrowReplay;
import dev.evertoken.port.Escrow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what the former life of this node left in its escrow.
 *
 * <p>The first try comes before anything is served. Where it fails, as PostgreSQL went away just
 * then, the node serves all the same and tries on.
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Escrow escrow;
  private final EscrowReplay replay;

  Recovery(Vertx vertx, Escrow escrow, EscrowReplay replay) {
    this.vertx = vertx;
    this.escrow = escrow;
    this.replay = replay;
  }

  /** Completes after the first try; fails only where the escrow cannot be read. */
  Future<Void> run() {
    return escrow.pending().compose(this::deliver);
  }

  private Future<Void> deliver(List<Escrow.Entry> left) {
    return replay
        .deliver(left)
        .<Void>mapEmpty()
        .recover(
            failure -> {
              again(left, failure);
              return Future.succeededFuture();
            });
  }

  private void again(List<Escrow.Entry> left, Throwable failure) {
    LOG.atError()
        .addKeyValue("cause", failure.getClass().getSimpleName())
        .addKeyValue("records", left.size())
        .log("escrow_not_delivered");
    vertx.setTimer(BETWEEN_TRIES.toMillis(), due -> deliver(left));
  }
}
