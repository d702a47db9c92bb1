package dev.evertoken.domain;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import dev.evertoken.domain.Lifetime.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lifetime of an access token: the earliest end that anything in the answer says
 * (semantics, section 3, "Lifetimes").
 */
final class LifetimeReading {

  /** Names without case and separators. */
  private static final Set<String> RELATIVE =
      Set.of("expiresin", "expirein", "accesstokenexpiresin");

  private static final Set<String> SECONDS = Set.of("expiresinsec", "expiresinseconds");
  private static final Set<String> ABSOLUTE =
      Set.of(
          "expiresat",
          "expireson",
          "expires",
          "expiry",
          "expirydate",
          "accesstokenexpiresat",
          "accesstokenexpireson");

  private static final BigDecimal A_MINUTE = BigDecimal.valueOf(60);
  private static final BigDecimal FIVE_MINUTES_MS = BigDecimal.valueOf(300_000);
  private static final BigDecimal TOLERANCE = BigDecimal.valueOf(120);

  private final AnswerTimes times;
  private final AnswerShape shape;
  private final List<BigDecimal> relative = new ArrayList<>();
  private final List<BigDecimal> absolute = new ArrayList<>();
  private final List<BigDecimal> jwtSpan = new ArrayList<>();
  private final List<BigDecimal> unsureZone = new ArrayList<>();
  private Unit unit = Unit.SECONDS;
  private boolean never;
  private @Nullable String warning;

  private LifetimeReading(AnswerTimes times, AnswerShape shape) {
    this.times = times;
    this.shape = shape;
  }

  /**
   * Reads it.
   *
   * @param beside the members around the token
   * @param expiresIn what the template's place for {@code expires_in} holds, or null
   */
  static Lifetime of(
      Map<String, Object> beside,
      @Nullable Object expiresIn,
      String token,
      AnswerTimes times,
      Platform platform) {
    LifetimeReading reading = new LifetimeReading(times, platform.answerShape());
    reading.others(beside, token);
    if (expiresIn != null) {
      reading.expiresIn(expiresIn);
    }
    beside.forEach(reading::perhapsExpiresIn);
    return reading.result(platform.expiresInDefault());
  }

  private void others(Map<String, Object> beside, String token) {
    Jwt jwt = Jwt.of(token);
    if (jwt != null) {
      absolute.add(times.until(jwt.expiresAt()));
      BigDecimal issued = jwt.issuedAt();
      if (issued != null && issued.compareTo(jwt.expiresAt()) < 0) {
        jwtSpan.add(jwt.expiresAt().subtract(issued));
      }
    }
    beside.forEach(this::other);
  }

  private void other(String name, @Nullable Object value) {
    String bare = AnswerTree.bare(name);
    if (SECONDS.contains(bare)) {
      BigDecimal number = Numbers.said(value);
      if (number != null && !zero(number)) {
        claim(number, !times.isEpoch(number));
      }
    } else if (ABSOLUTE.contains(bare)) {
      absolute(value);
    }
  }

  private void absolute(@Nullable Object value) {
    BigDecimal number = Numbers.said(value);
    if (number != null) {
      if (!zero(number)) {
        claim(number, number.compareTo(AnswerTimes.EPOCHS) < 0);
      }
      return;
    }
    if (value instanceof String text) {
      Instant moment = Moments.of(text);
      Instant local = moment == null ? Moments.withoutZone(text) : null;
      if (moment != null) {
        absolute.add(times.until(BigDecimal.valueOf(moment.getEpochSecond())));
      } else if (local != null) {
        unsureZone.add(times.until(BigDecimal.valueOf(local.getEpochSecond())));
      }
    }
  }

  private void claim(BigDecimal number, boolean fromNow) {
    if (fromNow) {
      relative.add(number);
    } else {
      absolute.add(times.untilNumber(number));
    }
  }

  private void perhapsExpiresIn(String name, @Nullable Object value) {
    if (RELATIVE.contains(AnswerTree.bare(name)) && value != null) {
      expiresIn(value);
    }
  }

  private void expiresIn(Object value) {
    BigDecimal number = Numbers.said(value);
    if (number == null) {
      warning = "expires_in is not a number";
      absolute(value);
      return;
    }
    if (zero(number)) {
      return;
    }
    Unit means = unit(number);
    if (means != Unit.SECONDS) {
      unit = means;
    }
    switch (means) {
      case SECONDS -> relative.add(number);
      case MILLISECONDS -> relative.add(number.movePointLeft(3));
      case EPOCH -> absolute.add(times.untilNumber(number));
    }
  }

  private Unit unit(BigDecimal number) {
    return switch (shape.expiresInUnit()) {
      case S -> Unit.SECONDS;
      case MS -> Unit.MILLISECONDS;
      case AUTO -> guessed(number);
    };
  }

  private Unit guessed(BigDecimal number) {
    if (times.isEpoch(number)) {
      return Unit.EPOCH;
    }
    if (confirmed(number)) {
      return Unit.SECONDS;
    }
    boolean round =
        number.compareTo(FIVE_MINUTES_MS) >= 0 && number.remainder(FIVE_MINUTES_MS).signum() == 0;
    return round || confirmed(number.movePointLeft(3)) ? Unit.MILLISECONDS : Unit.SECONDS;
  }

  /** Whether another member says about the same; only such of more than five minutes prove it. */
  private boolean confirmed(BigDecimal seconds) {
    BigDecimal slack = TOLERANCE.max(seconds.movePointLeft(2).multiply(BigDecimal.valueOf(5)));
    return seconds.compareTo(A_MINUTE) > 0
        && Stream.of(relative, absolute, jwtSpan)
            .flatMap(List::stream)
            .anyMatch(other -> other.subtract(seconds).abs().compareTo(slack) <= 0);
  }

  private boolean zero(BigDecimal number) {
    if (number.signum() == 0 && shape.zeroIsNever()) {
      never = true;
      return true;
    }
    return false;
  }

  private Lifetime result(@Nullable Duration fallback) {
    dropContradicted();
    List<BigDecimal> claims = new ArrayList<>(relative);
    claims.addAll(absolute);
    claims.addAll(jwtSpan);
    if (claims.removeIf(AnswerTimes::absurd)) {
      warning = "the answer tells a lifetime of more than ten years";
    }
    if (claims.isEmpty() && !unsureZone.isEmpty()) {
      claims.addAll(unsureZone);
      claims.add(BigDecimal.valueOf(fallback == null ? 3600 : fallback.toSeconds()));
      warning = "the end of the token is told without a time zone";
    }
    BigDecimal least = claims.stream().reduce(BigDecimal::min).orElse(null);
    return least == null ? assumed(fallback) : told(least);
  }

  /** Two clocks are never one: an end that has nearly come, against what expires_in says. */
  private void dropContradicted() {
    boolean longer = relative.stream().anyMatch(said -> said.compareTo(A_MINUTE) >= 0);
    if (times.date() == null && longer && absolute.removeIf(left -> left.compareTo(A_MINUTE) < 0)) {
      warning = "an absolute end of the token contradicts expires_in and is ignored";
    }
  }

  private Lifetime told(BigDecimal seconds) {
    if (seconds.compareTo(ONE) < 0) {
      return new Lifetime(
          Duration.ZERO, "the answer says that the token has already ended", true, unit);
    }
    long whole = seconds.max(ZERO).setScale(0, RoundingMode.DOWN).longValueExact();
    return new Lifetime(Duration.ofSeconds(whole), warning, true, unit);
  }

  private Lifetime assumed(@Nullable Duration fallback) {
    if (never) {
      return new Lifetime(null, warning, true, unit);
    }
    if (fallback == null) {
      return new Lifetime(null, warning, false, unit);
    }
    String why = warning == null ? "expires_in is missing" : warning;
    return new Lifetime(
        fallback, why + ": taken as " + fallback.toSeconds() + " seconds", false, unit);
  }
}
