package dev.evertoken.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When the refresh token ends by itself, as far as an answer says. */
final class RefreshTokenEnd {

  /** Names without case and separators. */
  private static final Set<String> NAMES =
      Set.of(
          "refreshtokenexpiresin",
          "refreshexpiresin",
          "xrefreshtokenexpiresin",
          "xrefreshtokenhardexpiresin",
          "refreshtokenexpiresinsec",
          "refreshtokenexpiresinseconds",
          "refreshtokenexpiresat",
          "refreshtokenexpireson",
          "refreshtokenexpires",
          "refreshtokenexpiry",
          "refreshexpiresat");

  private static final BigDecimal A_HUNDRED_YEARS = BigDecimal.valueOf(3_155_760_000L);

  private RefreshTokenEnd() {}

  /** The earliest end that the members around the tokens say; null: they say none. */
  static @Nullable Instant in(Map<String, Object> beside, AnswerTimes times) {
    Instant earliest = null;
    for (Map.Entry<String, Object> member : beside.entrySet()) {
      Instant end =
          NAMES.contains(AnswerTree.bare(member.getKey())) ? end(member.getValue(), times) : null;
      if (end != null && (earliest == null || end.isBefore(earliest))) {
        earliest = end;
      }
    }
    return earliest;
  }

  private static @Nullable Instant end(@Nullable Object value, AnswerTimes times) {
    BigDecimal left = left(value, times);
    // Zero means at several providers that it does not end.
    if (left == null || left.signum() <= 0 || left.compareTo(A_HUNDRED_YEARS) > 0) {
      return null;
    }
    return times.requestedAt().plusSeconds(left.setScale(0, RoundingMode.DOWN).longValueExact());
  }

  private static @Nullable BigDecimal left(@Nullable Object value, AnswerTimes times) {
    BigDecimal number = Numbers.said(value);
    if (number != null) {
      // Milliseconds from now are too large for seconds and too small for a point in time.
      return number.compareTo(AnswerTimes.EPOCHS) < 0 || times.isNearEpoch(number)
          ? times.untilNumber(number)
          : number.movePointLeft(3);
    }
    Instant moment = value instanceof String text ? Moments.of(text) : null;
    return moment == null ? null : times.until(BigDecimal.valueOf(moment.getEpochSecond()));
  }
}
