package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The token side of one account as a row shows it; the refresh token itself is not in it.
 *
 * @param generation grows when a token, refresh token or static key changes
 * @param apiKey of an account with a static key, else null
 * @param claim the refresh that runs (or died running), or null
 */
public record Credentials(
    long generation,
    AccessToken access,
    RefreshTokenState refresh,
    @Nullable Secret apiKey,
    RefreshSchedule schedule,
    @Nullable Claim claim,
    FailureHistory history) {

  /** The stored expiry of a token that does not end. */
  public static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  public @Nullable Secret accessToken() {
    return access.value();
  }

  public @Nullable Instant expiresAt() {
    return access.expiresAt();
  }

  public @Nullable Duration lifetime() {
    return access.lifetime();
  }

  public boolean hasRefreshToken() {
    return refresh.present();
  }

  public long refreshTokenSequence() {
    return refresh.sequence();
  }

  public @Nullable Instant unknownSince() {
    return refresh.doubt().unknownSince();
  }

  public int unknownTries() {
    return refresh.doubt().tries();
  }

  /** Since when an answer that nobody can read lies in an escrow, or null. */
  public @Nullable Instant unreadableSince() {
    return refresh.doubt().unreadableSince();
  }

  public @Nullable Instant refreshDueAt() {
    return schedule.dueAt();
  }

  public @Nullable Instant notBefore() {
    return schedule.notBefore();
  }

  public @Nullable Instant rejectedAt() {
    return access.rejectedAt();
  }

  public boolean rejected() {
    Long upTo = access.rejectedGeneration();
    return upTo != null && generation <= upTo;
  }

  /** Whether there is a token that is neither expired nor refused upstream. */
  public boolean validAt(Instant now) {
    Instant end = access.expiresAt();
    return access.value() != null && end != null && now.isBefore(end) && !rejected();
  }

  /** Time to the stored expiry; zero when there is no valid token. */
  public Duration leftAt(Instant now) {
    Instant end = access.expiresAt();
    return end != null && validAt(now) ? Duration.between(now, end) : Duration.ZERO;
  }
}
