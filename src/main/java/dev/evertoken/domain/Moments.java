package dev.evertoken.domain;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Points in time as answers write them: RFC 3339 and its relatives, and the dates of HTTP. */
public final class Moments {

  private static final List<Function<String, Instant>> FORMS =
      List.of(
          text -> OffsetDateTime.parse(text).toInstant(),
          text ->
              OffsetDateTime.parse(
                      text, DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss[.SSS]XX"))
                  .toInstant(),
          text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant(),
          text -> rfc850().parse(text, Instant::from),
          text ->
              LocalDateTime.parse(
                      text, DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ENGLISH))
                  .toInstant(ZoneOffset.UTC));

  private Moments() {}

  /** A point in time that says its zone, or is a date of HTTP; null when the text is none. */
  public static @Nullable Instant of(String text) {
    String said = text.strip().replaceAll("\\s+", " ");
    if (said.length() < 10 || said.length() > 64) {
      return null;
    }
    String form =
        said.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:.*") ? said.replaceFirst(" ", "T") : said;
    for (Function<String, Instant> parse : FORMS) {
      Instant moment = parsed(parse, form.replaceFirst("(?i) ?(utc|gmt)$", isDate(form)));
      if (moment != null) {
        return moment;
      }
    }
    return null;
  }

  /** A date and a time without a zone, as if in UTC; null when the text is none. */
  static @Nullable Instant withoutZone(String text) {
    return parsed(
        form -> LocalDateTime.parse(form).toInstant(ZoneOffset.UTC),
        text.strip().replace(' ', 'T'));
  }

  /** HTTP dates keep their zone's name; others are given an offset. */
  private static String isDate(String form) {
    return Character.isDigit(form.charAt(0)) ? "Z" : " GMT";
  }

  private static DateTimeFormatter rfc850() {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }

  private static @Nullable Instant parsed(Function<String, Instant> form, String text) {
    try {
      return form.apply(text);
    } catch (DateTimeException otherForm) {
      return null;
    }
  }
}
