package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.answer;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static dev.evertoken.adapter.postgres.StoreRig.newRefreshToken;
import static dev.evertoken.adapter.postgres.StoreRig.outcome;
import static dev.evertoken.adapter.postgres.StoreRig.rename;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Settlement;
import dev.evertoken.port.RefreshClaims.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CommitTest {

  private final StoreRig rig = new StoreRig();
  private final RefreshClaims claims = rig.stores.claims();

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void writesTheAnswerAndGivesTheClaimUp() {
    Account account = rig.create("written");
    UUID attempt = UUID.randomUUID();
    rig.taken(account, attempt);

    Account after = written(get(claims.commit(answer(account, attempt, "rt-written", "rt-w2"))));

    assertThat(after.generation()).isEqualTo(account.generation() + 1);
    assertThat(after.credentials().refreshTokenSequence())
        .isEqualTo(account.credentials().refreshTokenSequence() + 1);
    assertThat(after.credentials().accessToken()).isEqualTo(Secret.of("at-of-" + attempt));
    assertThat(after.credentials().claim()).isNull();
    assertThat(after.credentials().lifetime()).isEqualTo(Duration.ofHours(1));
    assertThat(requireNonNull(after.lastRefresh()).succeeded()).isTrue();
    assertThat(rig.taken(after, UUID.randomUUID()).refreshToken()).isEqualTo(Secret.of("rt-w2"));
  }

  @Test
  void keepsTheRefreshTokenWhenNoneCame() {
    Account account = rig.create("kept");
    Account after =
        written(get(claims.commit(answer(account, UUID.randomUUID(), "rt-kept", null))));

    assertThat(after.credentials().refreshTokenSequence())
        .isEqualTo(account.credentials().refreshTokenSequence());
    assertThat(rig.taken(after, UUID.randomUUID()).refreshToken()).isEqualTo(Secret.of("rt-kept"));
  }

  @Test
  void takesThePresentedTokenThatIsAnsweredAgainForNoNewOne() {
    Account account = rig.create("again");
    Account after =
        written(get(claims.commit(answer(account, UUID.randomUUID(), "rt-again", "rt-again"))));

    assertThat(after.credentials().refreshTokenSequence())
        .isEqualTo(account.credentials().refreshTokenSequence());
    assertThat(rig.taken(after, UUID.randomUUID()).refreshToken()).isEqualTo(Secret.of("rt-again"));
  }

  @Test
  void keepsWhatOthersChangedWhileTheRefreshRan() {
    Account account = rig.create("edited");
    UUID attempt = UUID.randomUUID();
    rig.taken(account, attempt);
    get(rig.stores.accounts().change(account.id(), rename("renamed"), OptionalLong.empty()));
    get(rig.stores.accounts().storeProject(account, "p-1"));
    Instant until = Instant.now().plusSeconds(60);
    Bench manual =
        new Bench(BenchCause.MANUAL, until, "pause", Instant.now(), Trigger.OPERATOR, null);
    get(rig.stores.benches().set(account.id(), manual, Instant.now()));
    rig.sql("update accounts set proxy_id = 77 where id = " + account.id());

    Account after = written(get(claims.commit(answer(account, attempt, "rt-edited", "rt-e2"))));

    assertThat(after.name()).isEqualTo("renamed");
    assertThat(after.projectId()).isEqualTo("p-1");
    assertThat(after.proxyId()).isEqualTo(77L);
    assertThat(after.benches().active(BenchCause.MANUAL, Instant.now())).isPresent();
    assertThat(rig.taken(after, UUID.randomUUID()).refreshToken()).isEqualTo(Secret.of("rt-e2"));
  }

  @Test
  void writesAlsoWithoutTheClaimAndLeavesTheOneOfAnother() {
    Account account = rig.create("late");
    UUID late = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    get(claims.take(account, late, Duration.ZERO, Trigger.BACKGROUND, false));
    get(claims.settleLapsed(account.id(), late, true, Next.AS_IT_WAS));
    rig.taken(account, other);

    Account after = written(get(claims.commit(answer(account, late, "rt-late", "rt-late-2"))));

    assertThat(requireNonNull(after.credentials().claim()).attempt()).isEqualTo(other);
    assertThat(after.credentials().unknownSince()).isNull();
  }

  @Test
  void dropsAnOlderAnswerThatComesAfterANewerOne() {
    Account account = rig.create("older");
    UUID newer = UUID.randomUUID();
    UUID older = UUID.randomUUID();
    Instant expiry = Instant.now().plusSeconds(3300);
    get(claims.commit(answer(account, newer, "rt-older", null, expiry)));

    Commit late =
        get(claims.commit(answer(account, older, "rt-older", null, expiry.minusSeconds(60))));

    assertThat(late).isInstanceOf(Commit.Superseded.class);
    assertThat(rig.find(account.id()).credentials().accessToken())
        .isEqualTo(Secret.of("at-of-" + newer));
  }

  @Test
  void dropsTheAnswerOfAnotherTokenChain() {
    Account account = rig.create("chain");
    UUID attempt = UUID.randomUUID();
    rig.taken(account, attempt);
    get(
        rig.stores
            .accounts()
            .change(account.id(), newRefreshToken("rt-authorised-anew"), OptionalLong.empty()));

    assertThat(get(claims.commit(answer(account, attempt, "rt-chain", "rt-chain-2"))))
        .isInstanceOf(Commit.Superseded.class);
    assertThat(rig.taken(rig.find(account.id()), UUID.randomUUID()).refreshToken())
        .isEqualTo(Secret.of("rt-authorised-anew"));
  }

  @Test
  void knowsItsOwnCommitAgain() {
    Account account = rig.create("overtaken");
    UUID attempt = UUID.randomUUID();
    var answer = answer(account, attempt, "rt-overtaken", "rt-overtaken-2");
    Account first = written(get(claims.commit(answer)));

    Commit second = get(claims.commit(answer));

    assertThat(second).isInstanceOf(Commit.Already.class);
    assertThat(rig.find(account.id()).revision()).isEqualTo(first.revision());
  }

  @Test
  void doesNotWriteItsOwnAnswerAgainOverALaterEdit() {
    Account account = rig.create("edited-after");
    var answer = answer(account, UUID.randomUUID(), "rt-edited-after", null);
    written(get(claims.commit(answer)));
    rig.sql("update accounts set expires_at = null where id = " + account.id());

    assertThat(get(claims.commit(answer))).isInstanceOf(Commit.Already.class);
    assertThat(rig.find(account.id()).credentials().expiresAt()).isNull();
  }

  @Test
  void knowsThatTheAccountIsGoneOrAnotherOne() {
    Account account = rig.create("deleted");
    var answer = answer(account, UUID.randomUUID(), "rt-deleted", "rt-deleted-2");
    rig.sql("update accounts set incarnation = gen_random_uuid() where id = " + account.id());
    assertThat(get(claims.commit(answer))).isInstanceOf(Commit.Gone.class);

    Account other = rig.create("deleted-too");
    get(rig.stores.accounts().delete(other.id(), OptionalLong.empty()));
    assertThat(
            get(claims.commit(answer(other, UUID.randomUUID(), "rt-deleted-too", "rt-x")))
                instanceof Commit.Gone)
        .isTrue();
  }

  @Test
  void endsTheErrorAndItsOwnBenchesOnly() {
    Account account = rig.create("recovers");
    UUID failed = UUID.randomUUID();
    rig.taken(account, failed);
    get(claims.settle(permanentFailure(account, failed)));
    Instant until = Instant.now().plusSeconds(600);
    for (BenchCause cause : new BenchCause[] {BenchCause.REFRESH_FAILED, BenchCause.RATE_LIMITED}) {
      Bench bench = new Bench(cause, until, "why", Instant.now(), Trigger.REPORT, null);
      get(rig.stores.benches().set(account.id(), bench, Instant.now()));
    }
    assertThat(rig.find(account.id()).status()).isEqualTo(AccountStatus.ERROR);

    var commit = get(claims.commit(answer(account, UUID.randomUUID(), "rt-recovers", null)));

    assertThat(((Commit.Written) commit).recovered()).isTrue();
    Account after = written(commit);
    assertThat(after.status()).isEqualTo(AccountStatus.ACTIVE);
    assertThat(after.error()).isNull();
    assertThat(after.benches().all())
        .extracting(Bench::cause)
        .containsExactly(BenchCause.RATE_LIMITED);
  }

  @Test
  void keepsADisabledAccountDisabled() {
    Account account = rig.create("off");
    rig.sql("update accounts set status = 'disabled' where id = " + account.id());

    Account after = written(get(claims.commit(answer(account, UUID.randomUUID(), "rt-off", null))));

    assertThat(after.status()).isEqualTo(AccountStatus.DISABLED);
  }

  @Test
  void leavesARefreshTokenThatAnotherAccountHoldsWithItAndDoesNotNameThatOne() {
    Account holder = rig.create("holder");
    Account account = rig.create("sharer");

    Account after =
        written(get(claims.commit(answer(account, UUID.randomUUID(), "rt-sharer", "rt-holder"))));

    assertThat(after.status()).isEqualTo(AccountStatus.ERROR);
    AccountError error = requireNonNull(after.error());
    assertThat(error.code()).isEqualTo("refresh_token_shared");
    assertThat(error.detail())
        .as("who sees this account need not see that one")
        .doesNotContainPattern("[0-9]");
    assertThat(after.credentials().validAt(Instant.now())).isTrue();
    assertThat(after.credentials().hasRefreshToken()).isFalse();
    assertThat(rig.taken(rig.find(holder.id()), UUID.randomUUID()).refreshToken())
        .isEqualTo(Secret.of("rt-holder"));
  }

  @Test
  void keepsASpentTokenThatTheProviderGivesAgain() {
    Account account = rig.create("back");
    Account second =
        written(get(claims.commit(answer(account, UUID.randomUUID(), "rt-back", "rt-back-2"))));

    Account third =
        written(get(claims.commit(answer(second, UUID.randomUUID(), "rt-back-2", "rt-back"))));

    assertThat(rig.taken(third, UUID.randomUUID()).refreshToken()).isEqualTo(Secret.of("rt-back"));
  }

  @Test
  void aLateAnswerThatKeepsTheRefusedTokenBringsAnAccessTokenAndLeavesTheError() {
    Account account = rig.create("kept-late");
    UUID late = UUID.randomUUID();
    Tokens answer = answer(account, late, "rt-kept-late", null);
    UUID judged = UUID.randomUUID();
    rig.taken(account, judged);
    get(claims.settle(permanentFailure(account, judged)));

    Commit commit = get(claims.commit(answer));

    Account after = written(commit);
    assertThat(after.status()).isEqualTo(AccountStatus.ERROR);
    assertThat(requireNonNull(after.error()).detail()).isEqualTo("The grant is gone.");
    assertThat(after.credentials().accessToken()).isEqualTo(Secret.of("at-of-" + late));
    assertThat(((Commit.Written) commit).recovered()).isFalse();

    UUID again = UUID.randomUUID();
    Account recovered = written(get(claims.commit(answer(after, again, "rt-kept-late", null))));
    assertThat(recovered.status()).as("asked for after it").isEqualTo(AccountStatus.ACTIVE);
  }

  @Test
  void aLateAnswerWithTheLiveSuccessorEndsTheError() {
    Account account = rig.create("lost");
    Tokens late = answer(account, UUID.randomUUID(), "rt-lost", "rt-lost-2");
    UUID judged = UUID.randomUUID();
    rig.taken(account, judged);
    get(claims.settle(permanentFailure(account, judged)));

    Account after = written(get(claims.commit(late)));

    assertThat(after.status()).isEqualTo(AccountStatus.ACTIVE);
    assertThat(after.error()).isNull();
    assertThat(rig.taken(after, UUID.randomUUID()).refreshToken())
        .isEqualTo(Secret.of("rt-lost-2"));
  }

  @Test
  void aLateAnswerOfAnEarlierTokenDoesNotEndTheError() {
    Account account = rig.create("earlier");
    Tokens late = answer(account, UUID.randomUUID(), "rt-earlier", "rt-earlier-late");
    Account newer =
        written(
            get(claims.commit(answer(account, UUID.randomUUID(), "rt-earlier", "rt-earlier-2"))));
    UUID judged = UUID.randomUUID();
    rig.taken(newer, judged);
    get(claims.settle(permanentFailure(newer, judged)));

    assertThat(get(claims.commit(late))).isInstanceOf(Commit.Superseded.class);
    assertThat(rig.find(account.id()).status()).isEqualTo(AccountStatus.ERROR);
  }

  private static Settlement permanentFailure(Account account, UUID attempt) {
    return new Settlement(
        account.id(),
        attempt,
        account.generation(),
        outcome(attempt, RefreshClass.PERMANENT),
        Next.AS_IT_WAS,
        new Mark.Failed(new AccountError("invalid_grant", "The grant is gone.", Instant.now())),
        FailureHistory.NONE);
  }

  private static Account written(Commit commit) {
    assertThat(commit).isInstanceOf(Commit.Written.class);
    return ((Commit.Written) commit).account();
  }
}
