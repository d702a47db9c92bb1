package dev.evertoken.boot;

import dev.evertoken.adapter.crypto.KeysetWatch;
import dev.evertoken.app.KeyRewrap;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's escrow under the primary key and tells the others of its keys, at the start and
 * after each change of the keyset file.
 */
final class KeyUpkeep {

  private static final Logger LOG = LoggerFactory.getLogger(KeyUpkeep.class);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

  private final Context home;
  private final Ground ground;
  private final KeyRewrap rewrap;

  KeyUpkeep(Ground ground, KeyRewrap rewrap) {
    this.home = ground.vertx().getOrCreateContext();
    this.ground = ground;
    this.rewrap = rewrap;
  }

  /** Completes after the first try; never fails, since a node without it serves all the same. */
  Future<Void> start() {
    KeysetWatch watch = ground.keys().watch();
    if (watch != null) {
      watch.onChange(() -> home.runOnContext(now -> tell()));
    }
    return tell();
  }

  private Future<Void> tell() {
    return rewrap.own().onFailure(this::again).otherwiseEmpty();
  }

  private void again(Throwable failure) {
    LOG.atWarn().addKeyValue("cause", failure.getClass().getSimpleName()).log("keys_not_told");
    ground
        .vertx()
        .timer(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(waited -> tell());
  }
}
