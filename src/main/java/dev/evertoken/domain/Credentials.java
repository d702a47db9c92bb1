package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The token side of one account as a row shows it; the refresh token itself is not in it.
 *
 * @param generation grows when a token, refresh token or static key changes
 * @param refreshTokenSequence grows when the refresh token changes
 * @param expiresAt the stored, early expiry; null when none is known, {@link #NEVER} when the
 *     provider gives tokens that do not end
 * @param lifetime what the provider's last answer gave, or null before the first
 * @param rejectedGeneration tokens of this and older generations were refused upstream and are not
 *     served
 * @param rejectedAt when that was reported, or null
 * @param refreshDueAt when the background refreshes it, or null when nothing can be refreshed
 * @param notBefore no refresh starts before this, or null
 * @param claim the refresh that runs (or died running), or null
 * @param unknownSince since when it is not known whether a sent refresh token was spent, or null
 * @param unknownTries how often it ended so, in a row
 * @param forcedAt when a caller last forced a refresh, or null
 */
public record Credentials(
    long generation,
    long refreshTokenSequence,
    @Nullable Secret accessToken,
    @Nullable Secret apiKey,
    boolean hasRefreshToken,
    @Nullable Instant expiresAt,
    @Nullable Duration lifetime,
    @Nullable Long rejectedGeneration,
    @Nullable Instant rejectedAt,
    @Nullable Instant refreshDueAt,
    @Nullable Instant notBefore,
    @Nullable Claim claim,
    @Nullable Instant unknownSince,
    int unknownTries,
    @Nullable Instant forcedAt) {

  /** The stored expiry of a token that does not end. */
  public static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  public boolean rejected() {
    return rejectedGeneration != null && generation <= rejectedGeneration;
  }

  /** Whether there is a token that is neither expired nor refused upstream. */
  public boolean validAt(Instant now) {
    return accessToken != null && expiresAt != null && now.isBefore(expiresAt) && !rejected();
  }

  /** Time to the stored expiry; zero when there is no valid token. */
  public Duration leftAt(Instant now) {
    return expiresAt != null && validAt(now) ? Duration.between(now, expiresAt) : Duration.ZERO;
  }
}
