package dev.evertoken.app.refresh;

import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Judgement.NextRefreshToken;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Margins;
import dev.evertoken.domain.Platform;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.RefreshClaims.Details;
import dev.evertoken.port.RefreshClaims.NewAccess;
import dev.evertoken.port.RefreshClaims.NewRefresh;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Tokens;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Turns a provider's answer into what is written on the row: the early expiry, and when to refresh
 * next.
 */
final class TokenWrites {

  /** After an answer that is of no use for long, the next refresh waits at least this long. */
  private static final Duration SHORTEST_REST = Duration.ofSeconds(1);

  /** After a token that had ended when it came, the provider is asked again after this. */
  private static final Duration REST_AFTER_DEAD_TOKEN = Duration.ofMinutes(1);

  private TokenWrites() {}

  /** What is written of an answer with a usable access token. */
  static Tokens of(
      Platform platform,
      Escrow.Entry entry,
      Judgement.Tokens given,
      LastRefresh outcome,
      Instant now) {
    Duration lifetime = given.lifetime();
    Instant expiresAt = expiry(platform, entry.requestedAt(), lifetime);
    Instant rest = rest(platform, lifetime, expiresAt, now);
    return new Tokens(
        entry.attempt(),
        entry.holder(),
        entry.presented(),
        new NewAccess(
            given.accessToken(),
            given.access().type(),
            expiresAt,
            lifetime == null || lifetime.isZero() ? null : lifetime),
        refresh(platform, entry, given.next(), given.findings()),
        new Next(rest, due(platform, entry.account(), lifetime, expiresAt, now, rest)),
        new Details(given.projectId(), outcome));
  }

  /** What is written of a new refresh token without a usable access token. */
  static Tokens of(
      Platform platform,
      Escrow.Entry entry,
      Judgement.Successor given,
      LastRefresh outcome,
      Instant now) {
    Instant again = now.plus(REST_AFTER_DEAD_TOKEN);
    return new Tokens(
        entry.attempt(),
        entry.holder(),
        entry.presented(),
        null,
        refresh(platform, entry, given.next(), given.findings()),
        new Next(again, again),
        new Details(given.findings().projectId(), outcome));
  }

  private static NewRefresh refresh(
      Platform platform,
      Escrow.Entry entry,
      @Nullable NextRefreshToken next,
      Judgement.Findings findings) {
    Instant idleAt = platform.refreshTokenIdleEnd(entry.requestedAt());
    return next == null
        ? new NewRefresh(null, findings.refreshTokenExpiresAt(), idleAt)
        : new NewRefresh(
            next.token(),
            next.expiresAt() == null ? findings.refreshTokenExpiresAt() : next.expiresAt(),
            idleAt);
  }

  private static Instant expiry(
      Platform platform, Instant requestedAt, @Nullable Duration lifetime) {
    if (lifetime == null) {
      return Credentials.NEVER;
    }
    return requestedAt.plus(lifetime).minus(platform.margins(lifetime).safetyMargin());
  }

  private static @Nullable Instant rest(
      Platform platform, @Nullable Duration lifetime, Instant expiresAt, Instant now) {
    if (lifetime == null) {
      return null;
    }
    if (lifetime.isZero()) {
      return now.plus(REST_AFTER_DEAD_TOKEN);
    }
    Margins margins = platform.margins(lifetime);
    return now.isBefore(expiresAt.minus(margins.skew())) ? null : now.plus(quarter(lifetime));
  }

  private static @Nullable Instant due(
      Platform platform,
      long account,
      @Nullable Duration lifetime,
      Instant expiresAt,
      Instant now,
      @Nullable Instant rest) {
    if (lifetime == null) {
      return platform.refreshTokenIdle().isZero()
          ? null
          : platform.beforeIdle(Credentials.NEVER, now);
    }
    Instant earliest = rest == null ? now.plus(quarter(lifetime)) : rest;
    Instant due = platform.margins(lifetime).dueAt(expiresAt, account);
    return platform.beforeIdle(due.isBefore(earliest) ? earliest : due, now);
  }

  private static Duration quarter(Duration lifetime) {
    Duration quarter = lifetime.dividedBy(4);
    return quarter.compareTo(SHORTEST_REST) < 0 ? SHORTEST_REST : quarter;
  }
}
