package dev.evertoken.domain;

/** Why an API key did not let a caller in. */
public enum KeyRefusal {
  MISSING,
  /** It cannot be one of ours. */
  MALFORMED,
  UNKNOWN,
  /** It was good once. */
  EXPIRED
}
