package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.Outside.await;
import static dev.evertoken.adapter.oauth.Outside.patient;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that no specification foresees, over a socket. */
final class OddAnswersTest {

  @RegisterExtension static final Outside OUTSIDE = new Outside();

  static Stream<Arguments> odd() {
    return OddAnswers.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("odd")
  void anOddAnswerMeansWhatItSays(String name, String bytes, String meaning) {
    for (Rotation rotation : AnswerCasesTest.ROTATIONS) {
      Judgement judgement = judged(bytes, rotation);

      assertThat(judgement.getClass().getSimpleName())
          .as("%s", judgement)
          .isIn(rotation.replaces() ? List.of(meaning) : unrotated(meaning));
      assertNothingIsMangled(judgement, meaning);
    }
  }

  /** Where nothing rotates, nothing is unknown, and what is readable is enough. */
  private static List<String> unrotated(String meaning) {
    return switch (meaning) {
      case "Unknown" -> List.of("Transient");
      case "Unreadable" -> List.of("Transient", "Tokens", "Refused");
      default -> List.of(meaning);
    };
  }

  private static void assertNothingIsMangled(Judgement judgement, String meaning) {
    if (judgement instanceof Judgement.Tokens tokens) {
      assertThat(tokens.accessToken()).isEqualTo(Secret.of("at-new"));
      assertThat(tokens.refreshToken())
          .isEqualTo(meaning.equals("Tokens") ? Secret.of("rt-new") : null);
    }
    if (judgement instanceof Judgement.Successor successor) {
      assertThat(successor.next().token()).isEqualTo(Secret.of("rt-new"));
    }
  }

  private static Judgement judged(String bytes, Rotation rotation) {
    try (CannedServer server = CannedServer.answering(bytes)) {
      Platform platform = patient(server.url()).rotation(rotation).platform();
      return await(
          OUTSIDE.refreshing(platform, null, "any").map(read -> Judge.judge(read, platform)));
    }
  }
}
