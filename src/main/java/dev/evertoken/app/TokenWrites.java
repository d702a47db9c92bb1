package dev.evertoken.app;

import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Margins;
import dev.evertoken.domain.Platform;
import dev.evertoken.port.Escrow;
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
        entry.holder().account(),
        entry.holder().incarnation(),
        entry.holder().platform(),
        entry.attempt(),
        entry.presented().sequence(),
        entry.presented().generation(),
        entry.presented().token(),
        given.accessToken(),
        given.refreshToken(),
        expiresAt,
        lifetime == null || lifetime.isZero() ? null : lifetime,
        due(platform, entry.holder().account(), lifetime, expiresAt, now, rest),
        rest,
        given.projectId(),
        outcome);
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
