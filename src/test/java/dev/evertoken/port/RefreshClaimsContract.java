package dev.evertoken.port;

import static dev.evertoken.port.StoreSamples.LAPSE;
import static dev.evertoken.port.StoreSamples.get;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Take;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of the refresh claims keeps to. */
public abstract class RefreshClaimsContract {

  private StoreSamples samples;
  private RefreshClaims claims;

  protected abstract Stores stores();

  @BeforeEach
  void begin() {
    samples = new StoreSamples(stores());
    claims = stores().claims();
  }

  @Test
  void givesTheClaimToOneOfMany() {
    Account account = samples.account("many", null);
    List<Future<Take>> takes =
        IntStream.range(0, 20)
            .mapToObj(i -> claims.take(account, UUID.randomUUID(), LAPSE, Trigger.REQUEST, false))
            .toList();

    List<Take> results = takes.stream().map(StoreSamples::get).toList();

    assertThat(results).filteredOn(Take.Taken.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(Take.Held.class::isInstance).hasSize(19);
  }

  @Test
  void anErrorIsWrittenAgainstItsGenerationAndEndsTheDoubt() {
    Account account = samples.account("lost", null);
    Account doubted = samples.failed(account, new Mark.Unknown(null));
    AccountError error =
        new AccountError("invalid_grant", "rotation was lost", samples.in(Duration.ZERO));

    Account after = samples.failed(doubted, new Mark.Failed(error));

    assertThat(after.status()).isEqualTo(AccountStatus.ERROR);
    assertThat(after.error()).isEqualTo(error);
    assertThat(after.credentials().refresh().doubt()).isEqualTo(Doubt.NONE);
  }

  @Test
  void anErrorOfAnOlderGenerationIsNotWrittenAndGivesTheClaimUp() {
    Account account = samples.account("judged", null);
    UUID attempt = UUID.randomUUID();
    samples.taken(account, attempt);
    samples.written(samples.answer(account, "judged", samples.refreshToken("judged-2")));
    AccountError error = new AccountError("invalid_grant", "gone", samples.in(Duration.ZERO));

    var settled =
        get(
            claims.settle(
                samples.failure(
                    account,
                    attempt,
                    new Mark.Failed(error),
                    Next.AS_IT_WAS,
                    FailureHistory.NONE)));

    assertThat(settled).isEmpty();
    assertThat(samples.find(account).status()).isEqualTo(AccountStatus.ACTIVE);
    assertThat(samples.find(account).credentials().claim()).isNull();
  }

  @Test
  void aBenchIsSetWithTheRestThatWasOrdered() {
    Account account = samples.account("benched", null);
    Instant rest = samples.in(Duration.ofMinutes(10));

    Account after =
        samples.failed(
            account,
            new Mark.Benched(samples.bench(BenchCause.REFRESH_FAILED)),
            new Next(rest, rest),
            FailureHistory.NONE);

    assertThat(after.benches().all())
        .extracting(Bench::cause)
        .containsExactly(BenchCause.REFRESH_FAILED);
    assertThat(after.credentials().notBefore()).isEqualTo(rest);
    assertThat(after.credentials().refreshDueAt()).isEqualTo(rest);
    assertThat(samples.take(after, UUID.randomUUID())).isInstanceOf(Take.Resting.class);
  }

  @Test
  void leavesTheTimesAsTheyWereWhereNoneIsGiven() {
    Account account = samples.account("times", null);

    Account after = samples.failed(account, new Mark.None());

    assertThat(after.credentials().refreshDueAt()).isEqualTo(account.credentials().refreshDueAt());
    assertThat(after.credentials().notBefore()).isNull();
    assertThat(after.credentials().claim()).isNull();
  }

  @Test
  void anUnknownOutcomeCountsFromTheFirstClaimOn() {
    Account account = samples.account("unknown", null);

    Account once =
        samples.failed(account, new Mark.Unknown(samples.bench(BenchCause.OUTCOME_UNKNOWN)));
    Account twice = samples.failed(once, new Mark.Unknown(null));

    assertThat(once.benches().all()).hasSize(1);
    assertThat(twice.credentials().unknownSince()).isEqualTo(once.credentials().unknownSince());
    assertThat(twice.credentials().refresh().doubt().tries()).isEqualTo(2);
    assertThat(twice.credentials().refresh().doubt().unreadableSince()).isNull();
  }

  @Test
  void anUnknownOutcomeIsWrittenOnALaterGenerationOfTheSameRefreshToken() {
    Account account = samples.account("later", null);
    UUID attempt = UUID.randomUUID();
    samples.taken(account, attempt);
    samples.written(samples.answer(account, "later", null));

    var transientFailure =
        samples.failure(account, attempt, new Mark.None(), Next.AS_IT_WAS, FailureHistory.NONE);
    assertThat(get(claims.settle(transientFailure))).isEmpty();

    Account now = samples.find(account);
    UUID second = UUID.randomUUID();
    samples.taken(now, second);
    samples.written(samples.answer(now, "later", null));
    Mark unreadable = new Mark.Unreadable(null);
    assertThat(
            get(
                claims.settle(
                    samples.failure(now, second, unreadable, Next.AS_IT_WAS, FailureHistory.NONE))))
        .isPresent();
  }

  @Test
  void anUnreadableAnswerLeavesTheRefreshTokenAloneUnlessAnOperatorForcesIt() {
    Account account = samples.account("unreadable", null);

    Account after = samples.failed(account, new Mark.Unreadable(null));

    Doubt doubt = after.credentials().refresh().doubt();
    assertThat(doubt.unreadableSince()).isCloseTo(stores().now(), within(1, ChronoUnit.MINUTES));
    assertThat(doubt.unknownSince()).isNotNull();
    assertThat(doubt.tries()).isEqualTo(1);
    assertThat(samples.take(after, UUID.randomUUID())).isInstanceOf(Take.Resting.class);

    UUID forced = UUID.randomUUID();
    assertThat(get(claims.take(after, forced, LAPSE, Trigger.OPERATOR, true)))
        .isInstanceOf(Take.Taken.class);
    Account again =
        get(claims.settle(
                samples.failure(
                    after, forced, new Mark.Unknown(null), Next.AS_IT_WAS, FailureHistory.NONE)))
            .orElseThrow();
    assertThat(again.credentials().refresh().doubt().unreadableSince())
        .isEqualTo(doubt.unreadableSince());
  }

  @Test
  void keepsTheHistoryThatItIsGiven() {
    Account account = samples.account("history", null);
    FailureHistory history =
        new FailureHistory(
            samples.ago(Duration.ofMinutes(9)),
            samples.ago(Duration.ofMinutes(1)),
            true,
            3,
            samples.ago(Duration.ofHours(2)));

    Account failing = samples.failed(account, new Mark.None(), Next.AS_IT_WAS, history);
    assertThat(failing.credentials().history()).isEqualTo(history);
    assertThat(samples.find(account).credentials().history()).isEqualTo(history);

    Account cleared = get(stores().accounts().clearError(account.id()));
    assertThat(cleared.credentials().history()).isEqualTo(FailureHistory.NONE);
  }

  @Test
  void anErrorThatIsClearedDoesNotMakeTheAnswerReadable() {
    Account account = samples.account("cleared", null);
    Account doubted = samples.failed(account, new Mark.Unreadable(null));

    Account cleared = get(stores().accounts().clearError(account.id()));

    assertThat(cleared.credentials().refresh().doubt())
        .isEqualTo(doubted.credentials().refresh().doubt());
  }

  @Test
  void anotherRefreshTokenEndsWhatSpokeOfTheOldOne() {
    Account account = samples.account("outside", null);
    samples.failed(
        account,
        new Mark.Unreadable(samples.bench(BenchCause.OUTCOME_UNKNOWN)),
        new Next(samples.in(Duration.ofHours(1)), null),
        FailureHistory.NONE.failed(samples.in(Duration.ZERO), List.of(), true));
    Account after = samples.authorisedAnew(account, "outside-2");

    assertThat(after.credentials().refresh().doubt()).isEqualTo(Doubt.NONE);
    assertThat(after.credentials().history()).isEqualTo(FailureHistory.NONE);
    assertThat(after.credentials().notBefore()).isNull();
    assertThat(after.benches().all()).isEmpty();
    assertThat(samples.take(after, UUID.randomUUID())).isInstanceOf(Take.Taken.class);
  }

  @Test
  void aLapsedClaimIsEndedOnceAndMayLeaveADoubt() {
    Account account = samples.account("lapsed", null);
    UUID lost = UUID.randomUUID();
    get(claims.take(account, lost, Duration.ZERO, Trigger.BACKGROUND, false));
    assertThat(samples.take(account, UUID.randomUUID())).isInstanceOf(Take.Held.class);
    Instant rest = samples.in(Duration.ofMinutes(1));

    Account settled =
        get(claims.settleLapsed(account.id(), lost, true, new Next(rest, rest))).orElseThrow();

    assertThat(settled.credentials().unknownTries()).isEqualTo(1);
    assertThat(settled.credentials().notBefore()).isEqualTo(rest);
    assertThat(requireNonNull(settled.lastRefresh()).attempt()).isEqualTo(lost);
    assertThat(get(claims.settleLapsed(account.id(), lost, true, Next.AS_IT_WAS))).isEmpty();
  }

  @Test
  void onlyTheHolderExtendsOrGivesBackAClaim() {
    Account account = samples.account("own", null);
    UUID mine = UUID.randomUUID();
    samples.taken(account, mine);

    assertThat(get(claims.extend(account.id(), UUID.randomUUID(), LAPSE))).isFalse();
    assertThat(get(claims.release(account.id(), UUID.randomUUID()))).isFalse();
    assertThat(get(claims.extend(account.id(), mine, LAPSE))).isTrue();
    assertThat(get(claims.settleLapsed(account.id(), mine, true, Next.AS_IT_WAS))).isEmpty();
    assertThat(get(claims.release(account.id(), mine))).isTrue();
    assertThat(samples.find(account).credentials().claim()).isNull();
  }
}
