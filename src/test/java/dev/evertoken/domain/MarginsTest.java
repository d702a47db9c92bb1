package dev.evertoken.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarginsTest {

  @Test
  void anHourKeepsTheConfiguredNumbers() {
    Margins margins = Margins.of(RefreshPolicy.DEFAULT, Duration.ofHours(1));

    assertThat(margins)
        .isEqualTo(
            new Margins(
                Duration.ofMinutes(5),
                Duration.ofMinutes(3),
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                false));
  }

  @Test
  void fiveMinutesShrinkThemAll() {
    Margins margins = Margins.of(RefreshPolicy.DEFAULT, Duration.ofMinutes(5));

    assertThat(margins)
        .isEqualTo(
            new Margins(
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                false));
  }

  @Property
  void aTokenFallsDueAfterItWasGivenAndStaysDueAtTheSameTime(
      @ForAll @LongRange(min = 10, max = 1_000_000) long seconds, @ForAll long account) {
    Instant given = Instant.parse("2026-11-23T10:00:00Z");
    Duration lifetime = Duration.ofSeconds(seconds);
    Margins margins = Margins.of(RefreshPolicy.DEFAULT, lifetime);
    Instant expiresAt = given.plus(lifetime).minus(margins.safetyMargin());

    Instant due = margins.dueAt(expiresAt, account);

    assertThat(due).isAfter(given.plus(lifetime.dividedBy(4))).isBefore(expiresAt);
    assertThat(margins.dueAt(expiresAt, account)).isEqualTo(due);
  }

  @ParameterizedTest
  @CsvSource({"PT1H, PT6M", "PT10M, PT2M", "PT4M, PT1M", "P60D, PT15M"})
  void aLateRefreshComesInTheLastTenthOrTwoMinutesAndNeverBeforeThreeQuarters(
      Duration lifetime, Duration window) {
    assertThat(Margins.late(RefreshPolicy.DEFAULT, lifetime).window()).isEqualTo(window);
  }

  @Property
  void noJitterBringsALateRefreshBeforeItsWindow(
      @ForAll @LongRange(min = 10, max = 1_000_000) long seconds, @ForAll long account) {
    Margins margins = Margins.late(RefreshPolicy.DEFAULT, Duration.ofSeconds(seconds));
    Instant expiresAt = Instant.parse("2026-11-23T10:00:00Z");

    Instant due = margins.dueAt(expiresAt, account);

    assertThat(due).isBetween(expiresAt.minus(margins.window()), expiresAt);
  }
}
