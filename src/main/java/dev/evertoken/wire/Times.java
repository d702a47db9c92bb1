package dev.evertoken.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Times as RFC 3339 writes them: told in UTC, read with any offset. */
public final class Times {

  private Times() {}

  /** The time in UTC, with fractions of a second only where it has some. */
  public static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /** The time in a text; null when there is none, or one outside the years 0 to 9999. */
  public static @Nullable Instant parse(@Nullable Object value) {
    if (!(value instanceof String text) || text.length() > 40) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      int year = time.withOffsetSameInstant(ZoneOffset.UTC).getYear();
      return year >= 0 && year <= 9999 ? time.toInstant() : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
