package dev.evertoken.domain;

import java.time.Duration;

/**
 * What a template says about keeping tokens, beside {@link RefreshPolicy}.
 *
 * @param oldAccessToken what a refresh does to the access token before
 * @param refreshTokenMaxAge how long a refresh token lives from the authorisation on; zero: without
 *     end
 * @param onLockHeld what a caller gets while somebody else refreshes
 * @param reportMax the longest bench that a report may ask for
 */
public record TokenRules(
    OldAccessToken oldAccessToken,
    Duration refreshTokenMaxAge,
    OnLockHeld onLockHeld,
    Duration reportMax) {

  public static final TokenRules DEFAULT =
      new TokenRules(OldAccessToken.LIVES, Duration.ZERO, OnLockHeld.WAIT, Duration.ofMinutes(15));

  /** What a refresh does to the access token before. */
  public enum OldAccessToken {
    LIVES,
    DIES
  }

  /** What a caller gets while somebody else refreshes: the result, or the token still valid. */
  public enum OnLockHeld {
    WAIT,
    USE_EXISTING
  }
}
