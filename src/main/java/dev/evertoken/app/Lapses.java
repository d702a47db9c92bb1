package dev.evertoken.app;

import dev.evertoken.app.RefreshStage.Again;
import dev.evertoken.app.RefreshStage.Following;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Rotation;
import dev.evertoken.port.RefreshClaims.Take;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims whose holder let them lapse: it crashed, froze or lost PostgreSQL, and may have sent the
 * refresh token (semantics, section 3, step 9).
 */
final class Lapses {

  private static final Logger LOG = LoggerFactory.getLogger(Lapses.class);

  /** How far our idea of PostgreSQL's clock may be off. */
  private static final Duration CLOCK_SLACK = Duration.ofMillis(100);

  private final RefreshParts parts;

  Lapses(RefreshParts parts) {
    this.parts = parts;
  }

  /**
   * Follows a claim that is alive; ends one that lapsed, and then the row is looked at again. One
   * that cannot be ended yet, as PostgreSQL has only just come back, is followed a little longer.
   */
  Future<RefreshStage> followOrSettle(Platform platform, Take.Held held) {
    Claim claim = held.claim();
    if (!Lapses.lapsed(claim, parts.time().instant())) {
      return Future.succeededFuture(new Following(held.account(), claim));
    }
    boolean unknown = countsAsUnknown(platform.rotation(), claim);
    Instant next =
        unknown
            ? Settling.nextTry(platform, held.account().credentials(), parts.time().instant())
            : null;
    return parts
        .claims()
        .settleLapsed(held.account().id(), claim.attempt(), unknown, next, next)
        .map(row -> row.map(this::ended).orElseGet(() -> new Following(held.account(), claim)));
  }

  /** Whether the claim has lapsed for sure, also by PostgreSQL's own clock. */
  static boolean lapsed(Claim claim, Instant now) {
    return claim.lapsedAt(now.minus(CLOCK_SLACK));
  }

  private boolean countsAsUnknown(Rotation rotation, Claim claim) {
    return switch (rotation) {
      case Rotation.None none -> false;
      case Rotation.Grace grace ->
          !parts.time().instant().isBefore(claim.at().plus(grace.within()));
      case Rotation.UntilUsed untilUsed -> true;
      case Rotation.Strict strict -> true;
    };
  }

  private RefreshStage ended(Account after) {
    LOG.atWarn()
        .addKeyValue("account", after.id())
        .addKeyValue("platform", after.platform())
        .log("claim_lapsed");
    parts
        .announcements()
        .changedHere(
            after,
            Notice.Type.CHANGED,
            null,
            "a refresh did not end in time, its node may be gone",
            "account.claim_lapsed",
            Map.of("outcome_unknown", String.valueOf(after.credentials().unknownSince() != null)));
    return new Again(after);
  }
}
