package dev.evertoken.dev;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An access token of the simulated provider.
 *
 * @param revokedAt null while nobody has revoked it
 */
public record IssuedAccessToken(
    String value, String family, Instant issuedAt, Instant expiresAt, @Nullable Instant revokedAt) {
  boolean isValid(Instant at) {
    return !at.isBefore(issuedAt)
        && at.isBefore(expiresAt)
        && (revokedAt == null || at.isBefore(revokedAt));
  }

  IssuedAccessToken revoked(Instant at) {
    return revokedAt == null ? new IssuedAccessToken(value, family, issuedAt, expiresAt, at) : this;
  }
}
