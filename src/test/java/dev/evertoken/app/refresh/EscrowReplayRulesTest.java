package dev.evertoken.app.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.RefreshClaims.Tokens;
import dev.evertoken.rig.ManualTime;
import dev.evertoken.rig.PlatformDraft;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kept answers a replay delivers, which it drops, and which stay. */
final class EscrowReplayRulesTest {

  private static final String TOKENS =
      "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"expires_in\":3600}";

  private final KeptAnswers escrow = new KeptAnswers();
  private final Rows rows = new Rows();
  private Platform platform = new PlatformDraft().platform();

  @Test
  void deliversTokensOfEachAccountInTheirOrder() {
    UUID first = keep(1, 200, TOKENS);
    UUID second = keep(1, 200, TOKENS);
    UUID other = keep(2, 200, TOKENS);

    assertThat(replay().run().result()).isEqualTo(3);

    assertThat(rows.committed).containsExactly(first, second, other);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"error\":\"invalid_grant\"}",
        "401 | {\"error\":\"invalid_client\"}",
        "400 | {\"error\":\"something_of_theirs\"}",
        "429 | {}",
        "503 | {}"
      })
  void dropsWhatIsUnderstoodAsARefusal(int status, String body) {
    keep(1, status, body);

    assertThat(replay().run().result()).isZero();

    assertThat(escrow.pending().result()).isEmpty();
    assertThat(rows.committed).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"200 | <html>", "200 | {\"odd\":\"rt\"}", "0 | ???", "502 | <html>"})
  void keepsWhatNobodyCanReadAndReadsItAgainWithALaterTemplate(int status, String body) {
    keep(1, status, body);

    assertThat(replay().run().result()).isZero();
    assertThat(escrow.pending().result()).hasSize(1);

    // A template under which such an answer means nothing: the refresh token never rotates.
    platform = new PlatformDraft().rotation(new Rotation.None()).platform();
    replay().run();
    assertThat(escrow.pending().result()).isEmpty();
  }

  @Test
  void keepsWhatNobodyCanReadOnlyWhileItsAccountExists() {
    keep(1, 200, "<html>");
    keep(2, 200, "<html>");
    rows.gone.add(1L);

    replay().run();

    assertThat(escrow.pending().result()).extracting(Escrow.Entry::account).containsExactly(2L);
  }

  @Test
  void keepsWhatNobodyCanReadWhereTheDatabaseCannotTellOfTheAccount() {
    keep(1, 200, "<html>");
    rows.lookFails = true;

    assertThat(replay().run().result()).isZero();

    assertThat(escrow.pending().result()).hasSize(1);
  }

  @Test
  void keepsTheAnswersOfAPlatformThatTheSettingsDoNotHave() {
    keep(1, 200, TOKENS);

    assertThat(replay(new Platforms(Map.of())).run().result()).isZero();

    assertThat(escrow.pending().result()).hasSize(1);
    assertThat(rows.committed).isEmpty();
  }

  @Test
  void dropsTheTokensOfAnAccountThatIsGone() {
    keep(1, 200, TOKENS);
    rows.gone.add(1L);

    assertThat(replay().run().result()).isZero();

    assertThat(escrow.pending().result()).isEmpty();
  }

  @Test
  void keepsTheTokensOfAnAccountThatWasNeverInThisDatabase() {
    keep(1, 200, TOKENS);
    rows.gone.add(1L);
    rows.elsewhere.add(1L);

    assertThat(replay().run().result()).isZero();

    assertThat(escrow.pending().result()).hasSize(1);
  }

  @Test
  void doesNotDeliverALaterAnswerOverAnEarlierOneThatFailed() {
    UUID earlier = keep(1, 200, TOKENS);
    UUID later = keep(1, 200, TOKENS);
    UUID other = keep(2, 200, TOKENS);
    rows.failing.add(earlier);

    assertThat(replay().run().failed()).as("another try is due").isTrue();
    assertThat(rows.committed).containsExactly(other);

    rows.failing.clear();
    assertThat(replay().run().result()).isEqualTo(2);
    assertThat(rows.committed).containsExactly(other, earlier, later);
  }

  @Test
  void aSlowAccountKeepsTheOthersFromNothing() {
    UUID slow = keep(1, 200, TOKENS);
    Promise<Void> answer = Promise.promise();
    rows.slow.put(slow, answer);
    LongStream.rangeClosed(2, 1000).forEach(account -> keep(account, 200, TOKENS));

    Future<Integer> replayed = replay().run();

    assertThat(rows.committed).hasSize(999);
    assertThat(replayed.isComplete()).isFalse();
    answer.complete();
    assertThat(replayed.result()).isEqualTo(1000);
  }

  @Test
  void asksTheDatabaseForAFewAccountsAtATime() {
    List<Promise<Void>> answers = new ArrayList<>();
    for (long account = 1; account <= 20; account++) {
      Promise<Void> answer = Promise.promise();
      answers.add(answer);
      rows.slow.put(keep(account, 200, TOKENS), answer);
    }

    Future<Integer> replayed = replay().run();

    assertThat(rows.asked).isEqualTo(8);
    answers.getFirst().complete();
    assertThat(rows.asked).isEqualTo(9);
    answers.forEach(Promise::tryComplete);
    assertThat(replayed.result()).isEqualTo(20);
  }

  @Test
  void tenThousandUnreadableOnesOfAnAccountDoNotFillTheStack() {
    for (int n = 0; n < 10_000; n++) {
      keep(1, 200, "<html>");
    }

    assertThat(replay().run().result()).isZero();

    assertThat(escrow.pending().result()).hasSize(10_000);
  }

  private EscrowReplay replay() {
    return replay(new Platforms(Map.of("sample", platform)));
  }

  private EscrowReplay replay(Platforms platforms) {
    return new EscrowReplay(
        escrow, new LeftAnswers(escrow), new ReadingProvider(), rows, platforms, new ManualTime());
  }

  private UUID keep(long account, int status, String body) {
    Escrow.Entry entry =
        new Escrow.Entry(
            UUID.randomUUID(),
            new Escrow.Holder(account, new UUID(2, account), "sample"),
            new Escrow.Presented(Secret.of("rt-old"), 1, 1),
            new ManualTime().instant(),
            Trigger.BACKGROUND,
            new RawAnswer(status, Map.of(), Secret.of(body), RawAnswer.End.WHOLE));
    escrow.keep(entry);
    return entry.attempt();
  }

  /** Rows that can be slow, refuse, or be gone; a commit ends the record, as the real one does. */
  private final class Rows implements EscrowReplay.Target {

    private final List<UUID> committed = new ArrayList<>();
    private final Set<UUID> failing = new HashSet<>();
    private final Set<Long> gone = new HashSet<>();
    private final Set<Long> elsewhere = new HashSet<>();
    private final Map<UUID, Promise<Void>> slow = new HashMap<>();
    private boolean lookFails;
    private int asked;

    @Override
    public Future<Void> commit(Tokens tokens) {
      asked++;
      if (gone.contains(tokens.holder().account())) {
        return Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "gone").exception());
      }
      if (failing.contains(tokens.attempt())) {
        return Future.failedFuture(new IllegalStateException("not this row"));
      }
      Promise<Void> answer = slow.get(tokens.attempt());
      return (answer == null ? Future.<Void>succeededFuture() : answer.future())
          .onSuccess(done -> committed.add(tokens.attempt()))
          .compose(done -> escrow.committed(tokens.attempt()));
    }

    @Override
    public Future<Boolean> deleted(Escrow.Holder holder) {
      return lookFails
          ? Future.failedFuture(new IllegalStateException("no database"))
          : Future.succeededFuture(
              gone.contains(holder.account()) && !elsewhere.contains(holder.account()));
    }
  }
}
