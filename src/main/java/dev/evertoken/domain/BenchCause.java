package dev.evertoken.domain;

/** Why an account sits out; each cause is set and cleared on its own. */
public enum BenchCause {
  REFRESH_FAILED,
  OUTCOME_UNKNOWN,
  RATE_LIMITED,
  OVERLOADED,
  UNAUTHORIZED,
  RULE,
  MANUAL;

  /**
   * Whether the cause speaks of the refresh only, so that a token which is still valid is served
   * all the same (law 2).
   */
  public boolean servesValidTokens() {
    return this == REFRESH_FAILED || this == OUTCOME_UNKNOWN;
  }
}
