package dev.evertoken.dev;

import org.jspecify.annotations.Nullable;

/** What the provider decided about a request for tokens. */
sealed interface Grant {
  /**
   * Tokens.
   *
   * @param refreshToken null where the caller keeps the one it has
   */
  record Granted(IssuedAccessToken accessToken, @Nullable String refreshToken) implements Grant {}

  /** An OAuth error code. */
  record Refused(String error, String description) implements Grant {}
}
