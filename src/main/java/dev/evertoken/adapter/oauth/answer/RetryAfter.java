package dev.evertoken.adapter.oauth.answer;

import dev.evertoken.domain.Moments;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The {@code Retry-After} of an answer: seconds or a date (RFC 9110, section 10.2.3). */
final class RetryAfter {

  private static final Duration FOREVER = Duration.ofDays(365);

  private RetryAfter() {}

  /** How long to wait from now; not clamped, so it may be negative; null when unreadable. */
  static @Nullable Duration parse(@Nullable String header, Instant now) {
    String text = header == null ? "" : header.strip();
    if (text.matches("[0-9]+")) {
      return text.length() > 7 ? FOREVER : Duration.ofSeconds(Integer.parseInt(text));
    }
    Instant until = Moments.of(text);
    return until == null ? null : Duration.between(now, until);
  }
}
