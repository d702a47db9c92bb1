package dev.evertoken.port;

import static dev.evertoken.port.StoreSamples.LAPSE;
import static dev.evertoken.port.StoreSamples.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.NewAccess;
import dev.evertoken.port.RefreshClaims.NewRefresh;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Take;
import dev.evertoken.port.RefreshClaims.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of the refresh claims keeps to when it stores an answer. */
public abstract class CommitsContract {

  private StoreSamples samples;
  private RefreshClaims claims;

  protected abstract Stores stores();

  @BeforeEach
  void begin() {
    samples = new StoreSamples(stores());
    claims = stores().claims();
  }

  @Test
  void writesAllOfTheAnswerAndGivesTheClaimUp() {
    Account account = samples.account("written", null);
    Instant expiry = samples.in(Duration.ofMinutes(55));
    Instant refreshExpiry = samples.in(Duration.ofDays(30));
    NewAccess access = new NewAccess(Secret.of("at-2"), "DPoP", expiry, Duration.ofHours(1));
    Tokens answer =
        samples.answer(
            account,
            samples.refreshToken("written"),
            access,
            new NewRefresh(samples.refreshToken("written-2"), refreshExpiry));
    get(claims.take(account, answer.attempt(), LAPSE, Trigger.REQUEST, false));

    Account after = samples.written(answer);

    assertThat(after.generation()).isEqualTo(account.generation() + 1);
    assertThat(after.credentials().access().value()).isEqualTo(Secret.of("at-2"));
    assertThat(after.credentials().access().type()).isEqualTo("DPoP");
    assertThat(after.credentials().expiresAt()).isEqualTo(expiry);
    assertThat(after.credentials().lifetime()).isEqualTo(Duration.ofHours(1));
    assertThat(after.credentials().refreshTokenSequence()).isEqualTo(sequence(account) + 1);
    assertThat(after.credentials().refresh().expiresAt()).isEqualTo(refreshExpiry);
    assertThat(after.credentials().claim()).isNull();
    assertThat(samples.find(after)).isEqualTo(after);
    assertThat(get(claims.commit(answer))).isInstanceOf(Commit.Already.class);
  }

  @Test
  void keepsWhenTheRefreshTokenEndsWhereTheAnswerDoesNotSay() {
    Account account = samples.account("end", null);
    Instant end = samples.in(Duration.ofDays(30));
    Account once =
        samples.written(
            samples.answer(
                account, samples.refreshToken("end"), access("at-1"), new NewRefresh(null, end)));

    Account twice = samples.written(samples.answer(once, "end", null));

    assertThat(twice.credentials().refresh().expiresAt()).isEqualTo(end);
  }

  @Test
  void storesASuccessorWithoutAnAccessTokenAndKeepsTheOneThatIsThere() {
    Account account = samples.account("successor", null);
    Tokens answer =
        samples.answer(
            account,
            samples.refreshToken("successor"),
            null,
            new NewRefresh(samples.refreshToken("successor-2"), null));

    Account after = samples.written(answer);

    assertThat(after.generation()).isEqualTo(account.generation() + 1);
    assertThat(after.credentials().refreshTokenSequence()).isEqualTo(sequence(account) + 1);
    assertThat(after.credentials().access()).isEqualTo(account.credentials().access());
    Take.Taken next = (Take.Taken) samples.take(after, UUID.randomUUID());
    assertThat(next.refreshToken()).isEqualTo(samples.refreshToken("successor-2"));
  }

  @Test
  void aSuccessorAloneDoesNotBringARejectedTokenBack() {
    Account account = samples.account("rejected", null);
    Account rejected =
        get(stores().accounts().reject(account.id(), account.generation())).orElseThrow();
    Tokens answer =
        samples.answer(
            rejected,
            samples.refreshToken("rejected"),
            null,
            new NewRefresh(samples.refreshToken("rejected-2"), null));

    Account after = samples.written(answer);

    assertThat(after.credentials().rejected()).isTrue();
    assertThat(samples.written(samples.answer(after, "rejected-2", null)).credentials().rejected())
        .as("a new access token is not the rejected one")
        .isFalse();
  }

  @Test
  void anotherRefreshTokenAloneDoesNotBringARejectedTokenBack() {
    Account account = samples.account("edited", null);
    get(stores().accounts().reject(account.id(), account.generation()));

    Account after = samples.authorisedAnew(account, "edited-2");

    assertThat(after.generation()).isEqualTo(account.generation() + 1);
    assertThat(after.credentials().rejected()).isTrue();
  }

  @Test
  void aCommitEndsDoubtHistoryAndTheBenchesOfFailedRefreshes() {
    Account account = samples.account("recovers", null);
    FailureHistory history = FailureHistory.NONE.failed(samples.in(Duration.ZERO), List.of(), true);
    Account doubted =
        samples.failed(
            account,
            new Mark.Unreadable(samples.bench(BenchCause.OUTCOME_UNKNOWN)),
            Next.AS_IT_WAS,
            history);
    assertThat(doubted.credentials().history()).isEqualTo(history);

    Account after = samples.written(samples.answer(doubted, "recovers", null));

    assertThat(after.credentials().refresh().doubt()).isEqualTo(Doubt.NONE);
    assertThat(after.credentials().history()).isEqualTo(FailureHistory.NONE);
    assertThat(after.benches().all()).isEmpty();
  }

  @Test
  void writesNothingForAnAnswerToAnotherRefreshToken() {
    Account account = samples.account("other", null);
    Tokens answer =
        samples.answer(
            account,
            Secret.of("rt-of-another-chain"),
            access("at-2"),
            new NewRefresh(samples.refreshToken("other-2"), null));

    assertThat(get(claims.commit(answer))).isInstanceOf(Commit.Superseded.class);
    assertThat(samples.find(account)).isEqualTo(account);
  }

  @Test
  void knowsTheSiblingThatCameOfTheSameToken() {
    Account account = samples.account("twice", null);
    Tokens winner = samples.answer(account, "twice", samples.refreshToken("twice-a"));
    Tokens loser = samples.answer(account, "twice", samples.refreshToken("twice-b"));
    samples.written(winner);

    assertThat(sibling(loser)).isTrue();

    samples.written(
        samples.answer(samples.find(account), "twice-a", samples.refreshToken("twice-a2")));
    assertThat(sibling(loser)).as("its winner was used").isFalse();
  }

  @Test
  void isNoSiblingOfATokenThatAnOperatorGave() {
    Account account = samples.account("anew", null);
    UUID running = UUID.randomUUID();
    samples.taken(account, running);
    samples.authorisedAnew(account, "anew-2");

    assertThat(sibling(samples.answer(account, "anew", samples.refreshToken("anew-b")))).isFalse();
  }

  @Test
  void isNoSiblingOfANewerAnswerThatKeptTheToken() {
    Account account = samples.account("kept", null);
    samples.written(samples.answer(account, "kept", null));
    NewAccess older =
        new NewAccess(Secret.of("at-old"), "Bearer", samples.in(Duration.ofMinutes(9)), null);

    assertThat(
            sibling(
                samples.answer(
                    account, samples.refreshToken("kept"), older, new NewRefresh(null, null))))
        .isFalse();
  }

  private static long sequence(Account account) {
    return account.credentials().refreshTokenSequence();
  }

  private NewAccess access(String token) {
    return new NewAccess(
        Secret.of(token), "Bearer", samples.in(Duration.ofMinutes(55)), Duration.ofHours(1));
  }

  private boolean sibling(Tokens answer) {
    Commit commit = get(claims.commit(answer));
    assertThat(commit).isInstanceOf(Commit.Superseded.class);
    return ((Commit.Superseded) commit).sibling();
  }
}
