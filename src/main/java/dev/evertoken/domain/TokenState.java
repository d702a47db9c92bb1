package dev.evertoken.domain;

/**
 * Of a valid token: {@code fresh}, or {@code stale} when a refresh is due, running or has failed.
 */
public enum TokenState {
  FRESH,
  STALE
}
