package dev.evertoken.domain;

/** Where the account came from whose token was answered. */
public enum TokenSource {
  /** This node's memory. */
  NEAR,
  REDIS,
  POSTGRES,
  /** The provider, just now. */
  REFRESH
}
