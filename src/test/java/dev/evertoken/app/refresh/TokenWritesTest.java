package dev.evertoken.app.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.RefreshClaims.Tokens;
import dev.evertoken.rig.ManualTime;
import dev.evertoken.rig.PlatformDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When an answer is followed by the next refresh. */
final class TokenWritesTest {

  private final ManualTime time = new ManualTime();

  /** What is written at this time of an answer to a request that was begun then. */
  private Tokens written(Platform platform, @Nullable Duration lifetime, Instant begun) {
    Escrow.Entry entry =
        new Escrow.Entry(
            UUID.randomUUID(),
            new Escrow.Holder(7, UUID.randomUUID(), platform.name()),
            new Escrow.Presented(Secret.of("rt"), 1, 1),
            begun,
            Trigger.BACKGROUND,
            new RawAnswer(200, Map.of(), Secret.of("{}"), RawAnswer.End.WHOLE));
    LastRefresh outcome =
        new LastRefresh(
            entry.attempt(), begun, RefreshClass.SUCCESS, Trigger.BACKGROUND, Duration.ZERO, null);
    return TokenWrites.of(
        platform,
        entry,
        new Judgement.Tokens(
            new Judgement.AccessGrant(Secret.of("at"), "Bearer", lifetime),
            null,
            Judgement.Findings.NONE),
        outcome,
        time.instant());
  }

  private static Instant due(Tokens tokens) {
    Instant due = tokens.next().dueAt();
    return due == null ? Instant.MAX : due;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 60, 300, 3600, 86_400})
  @DisplayName("92 whatever the lifetime, the background refreshes once in a quarter of it at most")
  void onceInAQuarter(int seconds) {
    Duration lifetime = Duration.ofSeconds(seconds);

    Tokens tokens = written(new PlatformDraft().platform(), lifetime, time.instant());

    Duration wait = Duration.between(time.instant(), due(tokens));
    assertThat(wait).isGreaterThanOrEqualTo(lifetime.dividedBy(4));
    assertThat(due(tokens)).isBeforeOrEqualTo(time.instant().plus(lifetime));
  }

  @Test
  @DisplayName("an answer that comes after its token's end is not repeated before a quarter")
  void expiryThatDidNotMove() {
    Duration lifetime = Duration.ofMinutes(20);
    Instant begun = time.instant();
    time.advance(Duration.ofHours(1));

    Tokens tokens = written(new PlatformDraft().platform(), lifetime, begun);

    assertThat(tokens.next().notBefore()).isEqualTo(time.instant().plus(Duration.ofMinutes(5)));
    assertThat(due(tokens)).isEqualTo(tokens.next().notBefore());
  }

  @Test
  @DisplayName("a refresh token that dies unused is used twice in that time")
  void idle() {
    Platform platform = new PlatformDraft().refreshTokenIdle(Duration.ofHours(1)).platform();
    Instant halfway = time.instant().plus(Duration.ofMinutes(30));

    assertThat(due(written(platform, Duration.ofDays(30), time.instant()))).isEqualTo(halfway);
    assertThat(due(written(platform, null, time.instant()))).isEqualTo(halfway);
    assertThat(platform.dueAt(time.instant().plus(Duration.ofDays(30)), null, 7, time.instant()))
        .as("of an account that is created")
        .isEqualTo(halfway);
    assertThat(due(written(platform, Duration.ofMinutes(20), time.instant()))).isBefore(halfway);
  }

  @Test
  @DisplayName("a token that does not end is not refreshed")
  void never() {
    assertThat(written(new PlatformDraft().platform(), null, time.instant()).next().dueAt())
        .isNull();
  }
}
