package dev.evertoken.domain;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a member that tells an end means, in seconds from the answer on.
 *
 * @param requestedAt when the request began, by our clock
 * @param date the provider's clock at its answer, where it is within a day of ours; else null
 */
record AnswerTimes(Instant requestedAt, @Nullable Instant date) {

  /** What is less counts from now; what is more is a point in time. */
  static final BigDecimal EPOCHS = BigDecimal.valueOf(1_000_000_000L);

  private static final BigDecimal MILLIS = BigDecimal.valueOf(100_000_000_000L);
  private static final BigDecimal MICROS = BigDecimal.valueOf(100_000_000_000_000L);
  private static final BigDecimal TEN_YEARS = BigDecimal.valueOf(Duration.ofDays(3653).toSeconds());
  private static final BigDecimal A_DAY = BigDecimal.valueOf(Duration.ofDays(1).toSeconds());

  static AnswerTimes of(Instant requestedAt, @Nullable Instant date) {
    boolean near =
        date != null
            && Duration.between(date, requestedAt).abs().compareTo(Duration.ofDays(1)) <= 0;
    return new AnswerTimes(requestedAt, near ? date : null);
  }

  /** An absolute time of the answer as seconds from its own clock, or from ours. */
  BigDecimal until(BigDecimal epochSeconds) {
    Instant now = date == null ? requestedAt : date;
    return epochSeconds.subtract(BigDecimal.valueOf(now.getEpochSecond()));
  }

  /** The seconds until what a number of a field for absolute times says. */
  BigDecimal untilNumber(BigDecimal number) {
    return number.compareTo(EPOCHS) < 0 ? number : until(epochSeconds(number));
  }

  /** A point in time by its magnitude: seconds, milliseconds or microseconds. */
  static BigDecimal epochSeconds(BigDecimal number) {
    if (number.compareTo(MICROS) >= 0) {
      return number.movePointLeft(6);
    }
    return number.compareTo(MILLIS) >= 0 ? number.movePointLeft(3) : number;
  }

  /** Whether a number is a point in time of the next ten years, or of the last day. */
  boolean isEpoch(BigDecimal number) {
    BigDecimal left = until(epochSeconds(number));
    return number.compareTo(EPOCHS) >= 0
        && left.compareTo(TEN_YEARS) <= 0
        && left.compareTo(A_DAY.negate()) >= 0;
  }

  /** Whether a number is a point in time of the next hundred years, or of the last ten. */
  boolean isNearEpoch(BigDecimal number) {
    BigDecimal left = until(epochSeconds(number));
    return left.compareTo(TEN_YEARS.movePointRight(1)) <= 0
        && left.compareTo(TEN_YEARS.negate()) >= 0;
  }

  /** Whether that is longer than any token that says so lives. */
  static boolean absurd(BigDecimal seconds) {
    return seconds.compareTo(TEN_YEARS) > 0;
  }
}
