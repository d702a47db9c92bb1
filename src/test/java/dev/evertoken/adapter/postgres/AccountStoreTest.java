package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.PLATFORM;
import static dev.evertoken.adapter.postgres.StoreRig.answer;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static dev.evertoken.adapter.postgres.StoreRig.newRefreshToken;
import static dev.evertoken.adapter.postgres.StoreRig.rename;
import static dev.evertoken.adapter.postgres.StoreRig.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Field;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.AccountStore.IdempotencyKey;
import dev.evertoken.port.AccountStore.TokenUse;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccountStoreTest {

  private final StoreRig rig = new StoreRig();
  private final AccountStore accounts = rig.stores.accounts();

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void givesBackWhatWasCreated() {
    Account created = rig.create("whole");
    Account found = rig.find(created.id());

    assertThat(found).isEqualTo(created);
    assertThat(found.status()).isEqualTo(AccountStatus.ACTIVE);
    assertThat(found.credentials().accessToken()).isEqualTo(Secret.of("at-whole"));
    assertThat(found.credentials().hasRefreshToken()).isTrue();
  }

  @Test
  void refusesARefreshTokenThatALiveAccountHoldsAndNamesIt() {
    Account holder = rig.create("first");

    Problem problem = problem(accounts.create(sample("second", "rt-first"), null));

    assertThat(problem.code()).isEqualTo(ProblemCode.CONFLICT);
    assertThat(problem.account()).isEqualTo(holder.id());
    assertThat(get(accounts.useOf(PLATFORM, Secret.of("rt-first"))))
        .contains(new TokenUse(holder.id(), false));
  }

  @Test
  void letsOneOfManyConcurrentCreationsHaveTheRefreshToken() {
    List<Future<Account>> all =
        IntStream.range(0, 12)
            .mapToObj(i -> accounts.create(sample("race-" + i, "rt-race"), null))
            .toList();
    List<Problem> refused =
        all.stream().map(AccountStoreTest::problemOrNull).filter(p -> p != null).toList();
    List<Account> made = all.stream().filter(Future::succeeded).map(Future::result).toList();

    assertThat(made).hasSize(1);
    assertThat(refused)
        .hasSize(11)
        .allSatisfy(p -> assertThat(p.code()).isEqualTo(ProblemCode.CONFLICT))
        .allSatisfy(p -> assertThat(p.account()).isEqualTo(made.getFirst().id()));
  }

  @Test
  void refusesASpentRefreshTokenOnCreateAndOnChange() {
    Account account = rig.create("spender");
    Account other = rig.create("other");
    get(rig.stores.claims().commit(answer(account, UUID.randomUUID(), "rt-spender", "rt-s2")));

    assertThat(problem(accounts.create(sample("revenant", "rt-spender"), null)).detail())
        .contains("spent");
    assertThat(
            problem(
                    accounts.change(
                        other.id(), newRefreshToken("rt-spender"), OptionalLong.empty()))
                .detail())
        .contains("spent");
    assertThat(
            problem(
                    accounts.change(
                        account.id(), newRefreshToken("rt-spender"), OptionalLong.empty()))
                .detail())
        .contains("spent");
  }

  @Test
  void letsAnUnspentTokenOfADeletedAccountComeBack() {
    Account account = rig.create("leaver");
    var deleted = get(accounts.delete(account.id(), OptionalLong.empty()));
    assertThat(deleted.refreshToken()).isEqualTo(Secret.of("rt-leaver"));
    assertThat(get(accounts.find(account.id()))).isEmpty();

    assertThat(get(accounts.create(sample("returner", "rt-leaver"), null)).id())
        .isNotEqualTo(account.id());
  }

  @Test
  void countsATokenThatMayHaveBeenSentAsSpentWhenItIsReplaced() {
    Account account = rig.create("in-flight");
    rig.taken(account, UUID.randomUUID());

    Account changed =
        get(accounts.change(account.id(), newRefreshToken("rt-if-2"), OptionalLong.empty()));

    assertThat(changed.credentials().claim()).isNull();
    assertThat(problem(accounts.create(sample("x", "rt-in-flight"), null)).detail())
        .contains("spent");
  }

  @Test
  void forgetsATokenThatWasReplacedUnsent() {
    Account account = rig.create("unsent");
    get(accounts.change(account.id(), newRefreshToken("rt-unsent-2"), OptionalLong.empty()));

    assertThat(get(accounts.create(sample("taker", "rt-unsent"), null)).id()).isPositive();
  }

  @Test
  void raisesTheGenerationForOtherCredentialsOnly() {
    Account account = rig.create("generations");

    Account renamed = change(account, rename("other name"));
    assertThat(renamed.generation()).isEqualTo(account.generation());
    assertThat(renamed.revision()).isGreaterThan(account.revision());

    Account same = change(account, newRefreshToken("rt-generations"));
    assertThat(same.generation()).isEqualTo(account.generation());
    assertThat(same.credentials().refreshTokenSequence())
        .isEqualTo(account.credentials().refreshTokenSequence());

    Account another = change(account, newRefreshToken("rt-generations-2"));
    assertThat(another.generation()).isEqualTo(account.generation() + 1);
    assertThat(another.credentials().refreshTokenSequence())
        .isEqualTo(account.credentials().refreshTokenSequence() + 1);
  }

  @Test
  void keepsTheClaimWhenOnlyTheAccessTokenIsNew() {
    Account account = rig.create("access");
    rig.taken(account, UUID.randomUUID());

    Account changed = change(account, newAccessToken("at-new"));

    assertThat(changed.generation()).isEqualTo(account.generation() + 1);
    assertThat(changed.credentials().claim()).isNotNull();
    assertThat(changed.credentials().expiresAt()).isNull();
  }

  @Test
  void changesOnlyTheRevisionThatWasMeant() {
    Account account = rig.create("matched");

    assertThat(
            problem(
                    accounts.change(
                        account.id(), rename("x"), OptionalLong.of(account.revision() + 1)))
                .code())
        .isEqualTo(ProblemCode.PRECONDITION_FAILED);
    assertThat(
            problem(accounts.delete(account.id(), OptionalLong.of(account.revision() + 1))).code())
        .isEqualTo(ProblemCode.PRECONDITION_FAILED);
    assertThat(
            get(accounts.change(account.id(), rename("x"), OptionalLong.of(account.revision())))
                .name())
        .isEqualTo("x");
  }

  @Test
  void saysThatThereIsNoSuchAccount() {
    assertThat(problem(accounts.change(1_000_000, rename("x"), OptionalLong.empty())).code())
        .isEqualTo(ProblemCode.NOT_FOUND);
    assertThat(problem(accounts.delete(1_000_000, OptionalLong.empty())).code())
        .isEqualTo(ProblemCode.NOT_FOUND);
    assertThat(problem(accounts.clearError(1_000_000)).code()).isEqualTo(ProblemCode.NOT_FOUND);
  }

  @Test
  void createsOnceForAnIdempotencyKey() {
    IdempotencyKey once = new IdempotencyKey("key:1", "once", "hash-1");
    Account first = get(accounts.create(sample("once", "rt-once"), once));
    get(rig.stores.claims().commit(answer(first, UUID.randomUUID(), "rt-once", "rt-once-2")));

    assertThat(get(accounts.create(sample("once", "rt-once"), once)).id()).isEqualTo(first.id());
    assertThat(
            problem(
                    accounts.create(
                        sample("once", "rt-o"), new IdempotencyKey("key:1", "once", "hash-2")))
                .code())
        .isEqualTo(ProblemCode.INVALID);
    IdempotencyKey ofAnother = new IdempotencyKey("key:2", "once", "hash-1");
    assertThat(get(accounts.create(sample("once", "rt-o3"), ofAnother)).id())
        .isNotEqualTo(first.id());
  }

  @Test
  void forgetsAnIdempotencyKeyAfterADay() {
    IdempotencyKey once = new IdempotencyKey("key:1", "aged", "hash-1");
    Account first = get(accounts.create(sample("aged", null), once));
    rig.sql("update idempotency_keys set created_at = now() - interval '25 hours'");

    IdempotencyKey again = new IdempotencyKey("key:1", "aged", "hash-2");
    assertThat(get(accounts.create(sample("aged", null), again)).id()).isNotEqualTo(first.id());
  }

  @Test
  void rejectsOnlyTheCurrentGeneration() {
    Account account = rig.create("rejected");

    assertThat(get(accounts.reject(account.id(), account.generation() + 1))).isEmpty();
    Account rejected = get(accounts.reject(account.id(), account.generation())).orElseThrow();
    assertThat(rejected.credentials().validAt(Instant.now())).isFalse();
    assertThat(rejected.credentials().rejectedAt()).isNotNull();
    assertThat(rejected.credentials().refreshDueAt()).isBefore(Instant.now().plusSeconds(5));
  }

  @Test
  void storesTheProjectOnceAndOverNobodyElses() {
    Account account = rig.create("project");
    assertThat(get(accounts.claimProjectLookup(account, Duration.ofMinutes(5)))).isTrue();
    assertThat(get(accounts.claimProjectLookup(account, Duration.ofMinutes(5)))).isFalse();

    Account stored = get(accounts.storeProject(account, "p-1")).orElseThrow();
    assertThat(stored.projectId()).isEqualTo("p-1");
    assertThat(stored.generation()).isEqualTo(account.generation());
    assertThat(get(accounts.storeProject(account, "p-2"))).isEmpty();
  }

  @Test
  void letsOneForcedRefreshThroughInTheInterval() {
    Account account = rig.create("forced");
    Duration interval = Duration.ofSeconds(30);

    assertThat(get(accounts.claimForcedRefresh(account.id(), interval))).isEmpty();
    assertThat(get(accounts.claimForcedRefresh(account.id(), interval)))
        .hasValueSatisfying(free -> assertThat(free).isAfter(Instant.now().plusSeconds(20)));
    rig.sql("update accounts set forced_at = now() - interval '31 seconds'");
    assertThat(get(accounts.claimForcedRefresh(account.id(), interval))).isEmpty();
  }

  @Test
  void listsWhatTheFilterShows() {
    Account paused = get(accounts.create(sample("listed", null), null));
    get(accounts.change(paused.id(), pausedIn("pool-l"), OptionalLong.empty()));
    Account healthy = rig.create("listed");

    assertThat(ids(filter(null, "listed"))).containsExactly(paused.id(), healthy.id());
    assertThat(ids(filter(true, "listed"))).containsExactly(healthy.id());
    assertThat(ids(filter(false, "listed"))).containsExactly(paused.id());
    Filter limited =
        new Filter(null, null, null, null, "listed", Set.of("pool-l"), Set.of(healthy.id()));
    assertThat(ids(limited)).containsExactly(paused.id(), healthy.id());
    Filter pool = new Filter(null, "pool-l", null, null, null, Set.of(), Set.of());
    assertThat(ids(pool)).containsExactly(paused.id());
    assertThat(get(accounts.list(filter(null, "listed"), 1, paused.id())))
        .extracting(Account::id)
        .containsExactly(healthy.id());
  }

  @Test
  void refusesATextThatCannotBeStored() {
    assertThat(problem(accounts.create(sample("nul\u0000", null), null)).code())
        .isEqualTo(ProblemCode.INVALID);
  }

  private static Filter filter(@Nullable Boolean schedulable, String name) {
    return new Filter(PLATFORM, null, AccountStatus.ACTIVE, schedulable, name, Set.of(), Set.of());
  }

  private List<Long> ids(Filter filter) {
    return get(accounts.list(filter, 50, 0)).stream().map(Account::id).toList();
  }

  private Account change(Account account, AccountChange change) {
    return get(accounts.change(account.id(), change, OptionalLong.empty()));
  }

  private static AccountChange newAccessToken(String token) {
    Field<Secret> field = new Field<>(Secret.of(token));
    return new AccountChange(
        null, null, null, null, null, null, null, null, null, field, null, null, null, null);
  }

  private static AccountChange pausedIn(String pool) {
    return new AccountChange(
        null,
        null,
        true,
        null,
        List.of(pool),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static Problem problem(Future<?> future) {
    return catchThrowableOfType(ProblemException.class, () -> get(future)).problem();
  }

  @Nullable
  private static Problem problemOrNull(Future<?> future) {
    try {
      get(future);
      return null;
    } catch (ProblemException e) {
      return e.problem();
    }
  }
}
