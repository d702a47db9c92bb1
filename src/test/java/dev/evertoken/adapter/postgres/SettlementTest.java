package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.answer;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static dev.evertoken.adapter.postgres.StoreRig.outcome;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SettlementTest {

  private final StoreRig rig = new StoreRig();
  private final RefreshClaims claims = rig.stores.claims();

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void writesAFailureWithItsBenchAndGivesTheClaimUp() {
    Account account = rig.create("benched");
    UUID attempt = UUID.randomUUID();
    rig.taken(account, attempt);
    Instant rest = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.MICROS);

    Account after =
        settle(account, attempt, rest, new Mark.Benched(bench(Duration.ofMinutes(10))))
            .orElseThrow();

    assertThat(after.credentials().claim()).isNull();
    assertThat(after.credentials().notBefore()).isEqualTo(rest);
    assertThat(after.credentials().refreshDueAt()).isEqualTo(rest);
    assertThat(after.status()).isEqualTo(AccountStatus.ACTIVE);
    assertThat(after.generation()).isEqualTo(account.generation());
    assertThat(requireNonNull(after.lastRefresh()).attempt()).isEqualTo(attempt);
    assertThat(after.benches().active(BenchCause.REFRESH_FAILED, Instant.now()))
        .hasValueSatisfying(
            bench -> assertThat(bench.until()).isCloseTo(rest, within(5, ChronoUnit.SECONDS)));
  }

  @Test
  void writesAnErrorOnlyAgainstTheGenerationThatWasJudged() {
    Account account = rig.create("judged");
    UUID winner = UUID.randomUUID();
    UUID loser = UUID.randomUUID();
    rig.taken(account, loser);
    get(claims.commit(answer(account, winner, "rt-judged", "rt-judged-2")));

    Optional<Account> settled = settle(account, loser, null, new Mark.Failed(error()));

    assertThat(settled).isEmpty();
    Account after = rig.find(account.id());
    assertThat(after.status()).isEqualTo(AccountStatus.ACTIVE);
    assertThat(after.credentials().claim()).isNull();
  }

  @Test
  void writesNothingForAnAttemptThatHasLostItsClaim() {
    Account account = rig.create("lost");
    rig.taken(account, UUID.randomUUID());

    assertThat(settle(account, UUID.randomUUID(), null, new Mark.Failed(error()))).isEmpty();
    Account after = rig.find(account.id());
    assertThat(after.status()).isEqualTo(AccountStatus.ACTIVE);
    assertThat(after.credentials().claim()).isNotNull();
  }

  @Test
  void countsTheTriesOfAnUnknownOutcomeFromTheClaimOn() {
    Account account = rig.create("unknown");
    UUID first = UUID.randomUUID();
    Account taken = rig.taken(account, first).account();

    Account once = settle(account, first, null, new Mark.Unknown(null)).orElseThrow();
    assertThat(once.credentials().unknownSince())
        .isEqualTo(requireNonNull(taken.credentials().claim()).at());

    UUID second = UUID.randomUUID();
    rig.taken(once, second);
    Account twice = settle(once, second, null, new Mark.Unknown(null)).orElseThrow();
    assertThat(twice.credentials().unknownSince()).isEqualTo(once.credentials().unknownSince());
    assertThat(twice.credentials().unknownTries()).isEqualTo(2);
  }

  @Test
  void knowsTheOutcomeOnceItIsAnError() {
    Account account = rig.create("rotation-lost");
    UUID first = UUID.randomUUID();
    rig.taken(account, first);
    Account unknown = settle(account, first, null, new Mark.Unknown(null)).orElseThrow();
    UUID second = UUID.randomUUID();
    rig.taken(unknown, second);

    Account after = settle(unknown, second, null, new Mark.Failed(error())).orElseThrow();

    assertThat(after.status()).isEqualTo(AccountStatus.ERROR);
    assertThat(requireNonNull(after.error()).code()).isEqualTo("invalid_grant");
    assertThat(after.credentials().unknownSince()).isNull();
  }

  @Test
  void comesBackFromAnErrorByHand() {
    Account account = rig.create("cleared");
    UUID attempt = UUID.randomUUID();
    rig.taken(account, attempt);
    settle(account, attempt, Instant.now().plusSeconds(600), new Mark.Failed(error()));

    Account after = get(rig.stores.accounts().clearError(account.id()));

    assertThat(after.status()).isEqualTo(AccountStatus.ACTIVE);
    assertThat(after.error()).isNull();
    assertThat(after.benches().activeAt(Instant.now())).isEmpty();
    assertThat(after.credentials().notBefore()).isNull();
  }

  private static Bench bench(Duration length) {
    Instant now = Instant.now();
    return new Bench(
        BenchCause.REFRESH_FAILED, now.plus(length), "503", now, Trigger.BACKGROUND, null);
  }

  private static AccountError error() {
    return new AccountError("invalid_grant", "The grant is gone.", Instant.now());
  }

  private Optional<Account> settle(
      Account judged, UUID attempt, @Nullable Instant rest, Mark mark) {
    return get(
        claims.settle(
            new Settlement(
                judged.id(),
                attempt,
                judged.generation(),
                outcome(attempt, RefreshClass.TRANSIENT),
                new Next(rest, rest),
                mark,
                FailureHistory.NONE)));
  }
}
