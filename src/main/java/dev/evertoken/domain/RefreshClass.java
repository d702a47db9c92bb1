package dev.evertoken.domain;

/** What the end of a refresh means, and so what follows from it (semantics, section 3). */
public enum RefreshClass {
  SUCCESS,
  PERMANENT,
  PROVIDER_CONFIG,
  TRANSIENT,
  THROTTLED,
  PROXY,
  OUTCOME_UNKNOWN,
  /** The answer is in escrow, and nobody can read it. */
  UNREADABLE,
  /** Our own settings forbid it. */
  SETTINGS,
  STORAGE,
  /** The node was being stopped. */
  DRAINING
}
