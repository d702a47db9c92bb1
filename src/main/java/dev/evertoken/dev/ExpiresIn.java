package dev.evertoken.dev;

import org.jspecify.annotations.Nullable;

/** What a token answer says in {@code expires_in}, whatever the token's real lifetime. */
public sealed interface ExpiresIn {
  /** The lifetime in seconds, as RFC 6749 wants it. */
  record Honest() implements ExpiresIn {}

  /** Nothing. */
  record Absent() implements ExpiresIn {}

  /** This JSON value: a number, a string, null. */
  record Literal(@Nullable Object value) implements ExpiresIn {}

  static ExpiresIn honest() {
    return new Honest();
  }

  static ExpiresIn absent() {
    return new Absent();
  }

  static ExpiresIn literal(@Nullable Object value) {
    return new Literal(value);
  }
}
