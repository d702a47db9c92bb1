package dev.evertoken.domain;

import java.time.Duration;

/** What a provider does to a refresh token that was used. */
public sealed interface Rotation {

  /** It stays good; presenting it again does no harm. */
  record None() implements Rotation {}

  /** It is replaced, and the old one may be presented again for a while. */
  record Grace(Duration within) implements Rotation {}

  /** It is replaced, and the old one may be presented until its successor was used once. */
  record UntilUsed() implements Rotation {}

  /**
   * It is replaced, and presenting the old one again may end the grant (RFC 9700, section 4.14.2).
   */
  record Strict() implements Rotation {}

  /** Whether a refresh may spend the refresh token that it presents. */
  default boolean replaces() {
    return !(this instanceof None);
  }
}
