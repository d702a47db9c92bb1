package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.Outside.await;
import static dev.evertoken.adapter.oauth.Outside.patient;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Judgement.Permanent;
import dev.evertoken.domain.Judgement.ProviderConfig;
import dev.evertoken.domain.Judgement.Successor;
import dev.evertoken.domain.Judgement.Tokens;
import dev.evertoken.domain.Judgement.Transient;
import dev.evertoken.domain.Judgement.Unreadable;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of real providers, over a socket and under every rotation. */
final class AnswerCasesTest {

  static final List<Rotation> ROTATIONS =
      List.of(
          new Rotation.None(),
          new Rotation.Grace(Duration.ofSeconds(30)),
          new Rotation.UntilUsed(),
          new Rotation.Strict());

  @RegisterExtension static final Outside OUTSIDE = new Outside();

  static Stream<AnswerCase> lost() {
    return AnswerCase.in("lost");
  }

  static Stream<AnswerCase> expiry() {
    return AnswerCase.in("expiry");
  }

  static Stream<AnswerCase> refused() {
    return AnswerCase.in("refused");
  }

  static Stream<AnswerCase> one() {
    return AnswerCase.in("one");
  }

  static Stream<AnswerCase> alive() {
    return AnswerCase.in("alive");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lost")
  void noSuccessorIsLost(AnswerCase given) {
    for (Rotation rotation : ROTATIONS) {
      Judgement judgement = judged(given, rotation);

      switch (given.name()) {
        case "access-token-null" ->
            assertThat(judgement)
                .isInstanceOfSatisfying(
                    Successor.class, s -> assertThat(s.next().token()).isEqualTo(refresh()));
        case "xml", "brotli-unasked" ->
            assertThat(judgement)
                .isInstanceOf(rotation.replaces() ? Unreadable.class : Transient.class);
        default -> assertServed(judgement);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expiry")
  void noLifetimeIsMisread(AnswerCase given) {
    long life = Long.parseLong(given.notes().getOrDefault("life", ""));

    for (Rotation rotation : ROTATIONS) {
      Judgement judgement = judged(given, rotation);

      assertServed(judgement);
      assertThat(((Tokens) judgement).lifetime()).isEqualTo(Duration.ofSeconds(life));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void aDeadRefreshTokenIsKnownAsOne(AnswerCase given) {
    for (Rotation rotation : ROTATIONS) {
      assertThat(judged(given, rotation))
          .isInstanceOfSatisfying(Permanent.class, p -> assertThat(p.generic()).isFalse());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("one")
  void aRefusedClientIsAMatterOfSettings(AnswerCase given) {
    for (Rotation rotation : ROTATIONS) {
      assertThat(judged(given, rotation)).isInstanceOf(ProviderConfig.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("alive")
  void aPageSaysNothingOfTheGrant(AnswerCase given) {
    for (Rotation rotation : ROTATIONS) {
      assertThat(judged(given, rotation)).isInstanceOf(Transient.class);
    }
  }

  private static void assertServed(Judgement judgement) {
    assertThat(judgement)
        .isInstanceOfSatisfying(
            Tokens.class,
            tokens -> {
              assertThat(tokens.accessToken()).isEqualTo(Secret.of(AnswerCase.ACCESS));
              assertThat(tokens.refreshToken()).isEqualTo(refresh());
            });
  }

  private static Secret refresh() {
    return Secret.of(AnswerCase.REFRESH);
  }

  private static Judgement judged(AnswerCase given, Rotation rotation) {
    try (CannedServer server = CannedServer.answering(given.bytes())) {
      Platform platform = patient(server.url()).rotation(rotation).platform();
      return await(
          OUTSIDE
              .refreshing(platform, null, "any")
              .map(read -> Judge.judge(read, platform, Instant.ofEpochSecond(AnswerCase.NOW))));
    }
  }
}
