package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The access token of an account, if it has one.
 *
 * @param type as the provider names it, {@code Bearer} as a rule
 * @param expiresAt the stored, early expiry; null when none is known, {@link Credentials#NEVER}
 *     when the provider gives tokens that do not end
 * @param lifetime what the provider's last answer gave, or null before the first
 * @param rejectedGeneration tokens of this and older generations were refused upstream and are not
 *     served
 * @param rejectedAt when that was reported, or null
 */
public record AccessToken(
    @Nullable Secret value,
    String type,
    @Nullable Instant expiresAt,
    @Nullable Duration lifetime,
    @Nullable Long rejectedGeneration,
    @Nullable Instant rejectedAt) {

  /** The type of a token that is sent as RFC 6750 says. */
  public static final String BEARER = "Bearer";

  /** No token. */
  public static final AccessToken NONE = new AccessToken(null, BEARER, null, null, null, null);

  /** A bearer token that nobody has refused. */
  public static AccessToken of(
      @Nullable Secret value, @Nullable Instant expiresAt, @Nullable Duration lifetime) {
    return new AccessToken(value, BEARER, expiresAt, lifetime, null, null);
  }
}
