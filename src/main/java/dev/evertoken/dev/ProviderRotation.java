package dev.evertoken.dev;

import java.time.Duration;

/** What the simulated provider does with a refresh token that was used. */
public sealed interface ProviderRotation {
  /** It stays good, and answers carry no new one. */
  record None() implements ProviderRotation {}

  /** It is spent by its first use. */
  record Strict() implements ProviderRotation {}

  /** It is spent by its first use, but repeated for {@code window} it gets the live one again. */
  record Grace(Duration window) implements ProviderRotation {
    public Grace {
      if (window.isNegative() || window.isZero()) {
        throw new IllegalArgumentException("Not a grace: " + window);
      }
    }
  }

  /** It is spent once its successor has been used. */
  record PreviousOnly() implements ProviderRotation {}

  static ProviderRotation none() {
    return new None();
  }

  static ProviderRotation strict() {
    return new Strict();
  }

  static ProviderRotation grace(Duration window) {
    return new Grace(window);
  }

  static ProviderRotation previousOnly() {
    return new PreviousOnly();
  }
}
