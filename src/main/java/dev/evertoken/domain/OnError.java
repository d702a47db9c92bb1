package dev.evertoken.domain;

/**
 * What a caller gets inside the skew when the refresh failed: the error, or the token that is still
 * valid.
 */
public enum OnError {
  RETURN,
  USE_EXISTING
}
