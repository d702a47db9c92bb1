package dev.evertoken.domain;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long a token lives by the {@code expires_in} of an answer (RFC 6749, section 5.1).
 *
 * @param length zero when it has already ended; null: it does not end
 * @param warning what was odd about {@code expires_in}, or null
 */
record Lifetime(@Nullable Duration length, @Nullable String warning) {

  private static final Duration LONGEST = Duration.ofHours(24);

  /**
   * Reads {@code expires_in}, a number or the text of one.
   *
   * @param fallback where it is missing or unreadable; null: such a token does not end
   */
  static Lifetime of(Map<String, Object> json, @Nullable Duration fallback) {
    Object said = json.get("expires_in");
    if (said == null) {
      return assumed("missing", fallback);
    }
    BigDecimal seconds = number(said);
    if (seconds == null) {
      return assumed("not a number", fallback);
    }
    if (seconds.compareTo(BigDecimal.ONE) < 0) {
      return new Lifetime(Duration.ZERO, "expires_in says that the token has already ended");
    }
    Duration most = fallback == null || fallback.compareTo(LONGEST) < 0 ? LONGEST : fallback;
    if (seconds.compareTo(BigDecimal.valueOf(most.toSeconds())) > 0) {
      return new Lifetime(
          most, "expires_in is too large: taken as " + most.toSeconds() + " seconds");
    }
    return new Lifetime(Duration.ofSeconds(seconds.longValue()), null);
  }

  private static Lifetime assumed(String oddity, @Nullable Duration fallback) {
    return fallback == null
        ? new Lifetime(null, oddity.equals("missing") ? null : "expires_in is " + oddity)
        : new Lifetime(
            fallback,
            "expires_in is " + oddity + ": taken as " + fallback.toSeconds() + " seconds");
  }

  private static @Nullable BigDecimal number(Object said) {
    String text = said.toString().strip();
    // The bound keeps an exponent of a billion digits from being written out.
    if (!(said instanceof Number || said instanceof String)
        || !text.matches("[+-]?[0-9]{1,400}(\\.[0-9]{0,400})?([eE][+-]?[0-9]{1,3})?")) {
      return null;
    }
    return new BigDecimal(text);
  }
}
