package dev.evertoken.boot.operator;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times and durations as a person writes and reads them. */
final class Times {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([smhd])");

  private Times() {}

  /** Reads {@code 90s}, {@code 10m}, {@code 2h}, {@code 7d}. */
  static final class OfDuration implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      Matcher matcher = DURATION.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no duration such as 90s, 10m, 2h, 7d");
      }
      long count = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    }
  }

  /** Reads a time of RFC 3339, or a duration: so long ago. */
  static final class OfPast implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      return DURATION.matcher(text).matches()
          ? now().minus(new OfDuration().convert(text))
          : time(text);
    }
  }

  /** Reads a time of RFC 3339, or a duration: so long from now. */
  static final class OfFuture implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      return DURATION.matcher(text).matches()
          ? now().plus(new OfDuration().convert(text))
          : time(text);
    }
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "'" + text + "' is no time such as 2026-11-23T10:00:00Z, and no duration such as 2h");
    }
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** The two largest units: {@code 1h 5m}. */
  static String text(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    return seconds < 86_400
        ? seconds / 3600 + "h " + seconds % 3600 / 60 + "m"
        : seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
  }
}
