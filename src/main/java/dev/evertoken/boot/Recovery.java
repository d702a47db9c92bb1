package dev.evertoken.boot;

import dev.evertoken.app.refresh.EscrowReplay;
import dev.evertoken.port.Escrow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what the former life of this node left in its escrow.
 *
 * <p>The first try comes before anything is served. Where it fails, as PostgreSQL went away just
 * then, the node serves all the same and tries on. Answers that nobody could read are read again
 * here too: version and templates change only with a restart, so each start is the time for it.
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
              again(attempts(left), failure);
              return Future.succeededFuture();
            });
  }

  private static Set<UUID> attempts(List<Escrow.Entry> entries) {
    return entries.stream().map(Escrow.Entry::attempt).collect(Collectors.toSet());
  }

  private void again(Set<UUID> former, Throwable failure) {
    LOG.atError()
        .addKeyValue("cause", failure.getClass().getSimpleName())
        .addKeyValue("records", former.size())
        .log("escrow_not_delivered");
    vertx.setTimer(BETWEEN_TRIES.toMillis(), due -> deliverFormer(former));
  }

  /** What this life has put into the escrow meanwhile is on its way already. */
  private void deliverFormer(Set<UUID> former) {
    escrow
        .pending()
        .onFailure(failure -> again(former, failure))
        .map(all -> all.stream().filter(entry -> former.contains(entry.attempt())).toList())
        .onSuccess(this::deliver);
  }
}
