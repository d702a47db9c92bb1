package dev.evertoken.adapter.postgres;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as PostgreSQL keeps them: UTC, microseconds. */
final class Stamps {

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private Stamps() {}

  static @Nullable OffsetDateTime column(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  static @Nullable Instant instant(@Nullable OffsetDateTime column) {
    return column == null ? null : column.toInstant();
  }

  /** RFC 3339, as in the jsonb columns. */
  static String text(Instant time) {
    return MICROS.format(time);
  }
}
