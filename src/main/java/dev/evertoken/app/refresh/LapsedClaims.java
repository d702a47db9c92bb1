package dev.evertoken.app.refresh;

import dev.evertoken.app.refresh.AttemptEnd.Again;
import dev.evertoken.app.refresh.AttemptEnd.Follow;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.port.RefreshClaims.Next;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims whose holder let them lapse: it crashed, froze or lost PostgreSQL, and may have sent the
 * refresh token (semantics, section 3, step 9).
 */
final class LapsedClaims {

  private static final Logger LOG = LoggerFactory.getLogger(LapsedClaims.class);

  /** How far our idea of PostgreSQL's clock may be off. */
  private static final Duration CLOCK_SLACK = Duration.ofMillis(100);

  private final Engine engine;

  LapsedClaims(Engine engine) {
    this.engine = engine;
  }

  /** Whether the claim has lapsed for sure, also by PostgreSQL's own clock. */
  static boolean lapsed(Claim claim, Instant now) {
    return claim.lapsedAt(now.minus(CLOCK_SLACK));
  }

  /**
   * Ends a claim that lapsed, after which the row is looked at again. One that cannot be ended yet,
   * as PostgreSQL has only just come back, is followed a little longer.
   */
  Future<AttemptEnd> settle(Platform platform, Account row, Claim claim, @Nullable String traceId) {
    Instant now = engine.now();
    boolean unknown = Waits.unknownAfterLapse(platform.rotation(), claim.at(), now);
    Instant next = unknown ? Waits.nextTry(platform, row.credentials(), now) : null;
    return engine
        .claims()
        .settleLapsed(row.id(), claim.attempt(), unknown, new Next(next, next))
        .map(
            after ->
                after
                    .map(settled -> ended(settled, traceId))
                    .orElseGet(() -> new Follow(row, claim)));
  }

  private AttemptEnd ended(Account after, @Nullable String traceId) {
    LOG.atWarn()
        .addKeyValue("account", after.id())
        .addKeyValue("platform", after.platform())
        .addKeyValue("trace_id", traceId)
        .log("claim_lapsed");
    engine
        .announcements()
        .changedHere(
            after,
            Notice.Type.CHANGED,
            null,
            "a refresh did not end in time, its node may be gone",
            "account.claim_lapsed",
            Map.of("outcome_unknown", String.valueOf(after.credentials().unknownSince() != null)));
    return new Again();
  }
}
