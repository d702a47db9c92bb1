package dev.evertoken.dev;

import java.time.Duration;

/** What the simulated provider does with a refresh token that was used. */
public sealed interface Rotation {
  /** It stays good, and answers carry no new one. */
  record None() implements Rotation {}

  /** It is spent by its first use. */
  record Strict() implements Rotation {}

  /** It is spent by its first use, but repeated for {@code window} it gets the live one again. */
  record Grace(Duration window) implements Rotation {
    public Grace {
      if (window.isNegative() || window.isZero()) {
        throw new IllegalArgumentException("Not a grace: " + window);
      }
    }
  }

  /** It is spent once its successor has been used. */
  record PreviousOnly() implements Rotation {}

  static Rotation none() {
    return new None();
  }

  static Rotation strict() {
    return new Strict();
  }

  static Rotation grace(Duration window) {
    return new Grace(window);
  }

  static Rotation previousOnly() {
    return new PreviousOnly();
  }
}
