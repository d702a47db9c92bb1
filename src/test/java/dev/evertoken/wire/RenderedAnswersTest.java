package dev.evertoken.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountDraft;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Warning;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of an answer is given to the same answer only. */
final class RenderedAnswersTest {

  private static final Instant NOW = AccountDraft.NOW;
  private static final Warning PAUSED = new Warning(Warning.Code.PAUSED, "paused");

  private final RenderedAnswers<Buffer> rendered =
      new RenderedAnswers<>(JsonObject::toBuffer, Buffer::copy);

  private static TokenAnswer answer(Account row, TokenState state, List<Warning> warnings) {
    return new TokenAnswer(
        Secret.of("at-12"), "Bearer", row.credentials().expiresAt(), row, state, null, warnings);
  }

  private void assertRight(TokenAnswer answer, Instant now) {
    Buffer json = rendered.of(answer, now);
    assertThat(json.toJsonObject()).isEqualTo(TokenAnswerJson.of(answer, now));
  }

  @Test
  void theSameAnswerInTheSameSecondIsWrittenOnce() {
    TokenAnswer answer = answer(AccountDraft.account().build(), TokenState.FRESH, List.of());
    Buffer first = rendered.of(answer, NOW);
    Buffer lasting = rendered.of(answer, NOW);
    assertThat(lasting).isEqualTo(first).isNotSameAs(first);
    assertThat(rendered.of(answer, NOW)).isSameAs(lasting);
  }

  @Test
  void whatIsAskedForAgainStaysRight() {
    TokenAnswer answer = answer(AccountDraft.account().build(), TokenState.FRESH, List.of());
    for (int asked = 0; asked < 4; asked++) {
      assertRight(answer, NOW);
      assertRight(answer(answer.account(), TokenState.STALE, List.of()), NOW);
      assertRight(answer(answer.account(), TokenState.STALE, List.of()), NOW);
    }
  }

  @Test
  void whateverIsDifferentIsWrittenAnew() {
    Account row = AccountDraft.account().build();
    assertRight(answer(row, TokenState.FRESH, List.of()), NOW);
    assertRight(answer(row, TokenState.FRESH, List.of()), NOW.plusSeconds(1));
    assertRight(answer(row, TokenState.STALE, List.of()), NOW.plusSeconds(1));
    assertRight(answer(row, TokenState.STALE, List.of(PAUSED)), NOW.plusSeconds(1));
    Account next = AccountDraft.account().left(Duration.ofMinutes(9)).build();
    assertRight(answer(next, TokenState.STALE, List.of(PAUSED)), NOW.plusSeconds(1));
  }

  @Test
  void accountsThatShareAPlaceDoNotShareAnAnswer() {
    for (int round = 0; round < 2; round++) {
      assertRight(answer(AccountDraft.account().id(7).build(), TokenState.FRESH, List.of()), NOW);
      assertRight(
          answer(AccountDraft.account().id(7 + 1024).build(), TokenState.FRESH, List.of()), NOW);
    }
  }
}
