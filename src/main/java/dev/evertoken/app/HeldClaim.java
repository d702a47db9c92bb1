package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Platform;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** The claim under which a refresh runs, and since when it is known to be ours. */
final class HeldClaim {

  /** The process may have been frozen meanwhile: after this long the claim is asked for again. */
  private static final Duration TRUSTED = Duration.ofSeconds(2);

  /** How long a claim lasts beyond the exchange that it covers. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final RefreshParts parts;
  private final Platform platform;
  private final Account account;
  private final UUID attempt;
  private long sinceNanos;
  private Instant since;

  HeldClaim(RefreshParts parts, Platform platform, Account account, UUID attempt, long askedNanos) {
    this.parts = parts;
    this.platform = platform;
    this.account = account;
    this.attempt = attempt;
    this.sinceNanos = askedNanos;
    this.since = parts.time().instant();
  }

  /** How long a claim on that platform lasts when it is taken or extended. */
  static Duration lapse(Platform platform) {
    return platform.refresh().totalTimeout().plus(RESERVE);
  }

  /** Completes when the claim is ours for sure; fails with {@link Lost} when it is not. */
  Future<Void> ensure() {
    Duration monotonic = Duration.ofNanos(parts.time().nanos() - sinceNanos);
    Duration wall = Duration.between(since, parts.time().instant()).abs();
    return monotonic.compareTo(TRUSTED) <= 0 && wall.compareTo(TRUSTED) <= 0
        ? Future.succeededFuture()
        : extend();
  }

  /** Moves its lapse; fails with {@link Lost} when it is not ours any more. */
  Future<Void> extend() {
    long askedNanos = parts.time().nanos();
    Instant asked = parts.time().instant();
    return parts
        .claims()
        .extend(account.id(), attempt, lapse(platform))
        .compose(ours -> ours ? extended(askedNanos, asked) : Future.failedFuture(new Lost()));
  }

  /** The answer itself may have come after a freeze. */
  private Future<Void> extended(long askedNanos, Instant asked) {
    sinceNanos = askedNanos;
    since = asked;
    return ensure();
  }

  /** Somebody else has the claim by now, or the row has moved on. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost() {
      super("the claim was lost", null, false, false);
    }
  }
}
