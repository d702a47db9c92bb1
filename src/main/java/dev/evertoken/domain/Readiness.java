package dev.evertoken.domain;

import dev.evertoken.domain.Candidate.Standing;

/** How an account stands by itself, before anything is said about its way upstream. */
public enum Readiness {
  /** Its token is served as it is. */
  FRESH,
  /** It must refresh, and holds a valid token until then. */
  STALE,
  /** It must refresh, and has no valid token. */
  EXPIRED,
  /** It cannot refresh now, and holds a valid token. */
  STUCK,
  OUT;

  /**
   * How good a choice it is.
   *
   * @param closed whether its way upstream is suspended
   */
  public Standing on(boolean closed) {
    return switch (this) {
      case FRESH -> closed ? Standing.LAST_RESORT : Standing.READY;
      case STALE -> closed ? Standing.LAST_RESORT : Standing.MUST_REFRESH;
      case EXPIRED -> closed ? Standing.OUT : Standing.MUST_REFRESH;
      case STUCK -> Standing.LAST_RESORT;
      case OUT -> Standing.OUT;
    };
  }
}
