package dev.evertoken.app.refresh;

import dev.evertoken.domain.Platform;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** The claim under which an attempt runs, and since when it is known to be ours. */
final class ClaimHold {

  /** The process may have been frozen meanwhile: after this long the claim is asked for again. */
  private static final Duration TRUSTED = Duration.ofSeconds(2);

  /** How long a claim lasts beyond the exchange that it covers. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final Engine engine;
  private final Platform platform;
  private final long account;
  private final UUID attempt;
  private final long startedNanos;
  private long sinceNanos;
  private Instant since;

  /**
   * A claim that was taken.
   *
   * @param askedNanos when it was asked for, by the monotonic clock
   */
  ClaimHold(Engine engine, Platform platform, long account, UUID attempt, long askedNanos) {
    this.engine = engine;
    this.platform = platform;
    this.account = account;
    this.attempt = attempt;
    this.startedNanos = askedNanos;
    this.sinceNanos = askedNanos;
    this.since = engine.now();
  }

  /** How long ago the claim was asked for the first time. */
  Duration spent() {
    return engine.clock().since(startedNanos);
  }

  /** How long a claim on that platform lasts when it is taken or extended. */
  static Duration lapse(Platform platform) {
    return platform.refresh().totalTimeout().plus(RESERVE);
  }

  /** Completes when the claim is ours for sure; fails with {@link Lost} when it is not. */
  Future<Void> ensure() {
    Duration monotonic = engine.clock().since(sinceNanos);
    Duration wall = Duration.between(since, engine.now()).abs();
    return monotonic.compareTo(TRUSTED) <= 0 && wall.compareTo(TRUSTED) <= 0
        ? Future.succeededFuture()
        : extend();
  }

  /** Moves its lapse; fails with {@link Lost} when it is not ours any more. */
  Future<Void> extend() {
    long askedNanos = engine.clock().nanos();
    Instant asked = engine.now();
    return engine
        .claims()
        .extend(account, attempt, lapse(platform))
        .compose(ours -> ours ? extended(askedNanos, asked) : Future.failedFuture(new Lost()));
  }

  /** The answer itself may have come after a freeze. */
  private Future<Void> extended(long askedNanos, Instant asked) {
    sinceNanos = askedNanos;
    since = asked;
    return ensure();
  }

  /** Another attempt has the claim by now, or the row has moved on. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost() {
      super("the claim was lost", null, false, false);
    }
  }
}
