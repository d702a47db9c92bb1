package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.PLATFORM;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.BenchStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BenchStoreTest {

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

  private final StoreRig rig = new StoreRig();
  private final BenchStore benches = rig.stores.benches();

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void onlyMovesTheEndLater() {
    Account account = rig.create("later");
    Account benched = set(account, bench(BenchCause.RATE_LIMITED, 600)).orElseThrow();
    assertThat(benched.benches().all()).containsExactly(bench(BenchCause.RATE_LIMITED, 600));
    assertThat(benched.revision()).isGreaterThan(account.revision());

    assertThat(set(account, bench(BenchCause.RATE_LIMITED, 300))).isEmpty();
    assertThat(set(account, bench(BenchCause.RATE_LIMITED, 600))).isEmpty();
    assertThat(set(account, bench(BenchCause.RATE_LIMITED, 900))).isPresent();
    assertThat(rig.find(account.id()).benches().all())
        .containsExactly(bench(BenchCause.RATE_LIMITED, 900));
  }

  @Test
  void endsAtTheLatestOfManySetAtOnce() {
    Account account = rig.create("many");
    List<Future<Optional<Account>>> sets =
        IntStream.rangeClosed(1, 20)
            .map(i -> (i * 8) % 21)
            .mapToObj(i -> benches.set(account.id(), bench(BenchCause.RATE_LIMITED, 60 + i), now))
            .toList();
    sets.forEach(StoreRig::get);

    assertThat(rig.find(account.id()).benches().all())
        .extracting(Bench::until)
        .containsExactly(now.plusSeconds(80));
  }

  @Test
  void keepsSinceWhenItHoldsWhileItIsExtended() {
    Account account = rig.create("since");
    set(account, bench(BenchCause.OVERLOADED, 60));
    Instant later = now.plusSeconds(5);
    Bench longer =
        new Bench(BenchCause.OVERLOADED, now.plusSeconds(90), "again", later, Trigger.REPORT, null);
    set(account, longer);

    assertThat(rig.find(account.id()).benches().all().getFirst().since()).isEqualTo(now);
  }

  @Test
  void ignoresEvidenceThatIsOlderThanTheClear() {
    Account account = rig.create("stale");
    set(account, bench(BenchCause.RATE_LIMITED, 600));
    Account cleared =
        get(benches.clear(account.id(), Set.of(BenchCause.RATE_LIMITED))).orElseThrow();
    assertThat(cleared.benches().all()).isEmpty();

    assertThat(set(account, bench(BenchCause.RATE_LIMITED, 900))).isEmpty();
    Instant newer = Instant.now().plusSeconds(1);
    assertThat(get(benches.set(account.id(), bench(BenchCause.RATE_LIMITED, 900), newer)))
        .isPresent();
  }

  @Test
  void leavesTheOtherCausesAlone() {
    Account account = rig.create("causes");
    set(account, bench(BenchCause.RATE_LIMITED, 600));
    set(account, bench(BenchCause.MANUAL, 60));

    Account cleared = get(benches.clear(account.id(), Set.of(BenchCause.MANUAL))).orElseThrow();

    assertThat(cleared.benches().all()).containsExactly(bench(BenchCause.RATE_LIMITED, 600));
    assertThat(get(benches.clear(account.id(), Set.of(BenchCause.MANUAL)))).isEmpty();
    assertThat(set(account, bench(BenchCause.OVERLOADED, 60))).isPresent();
  }

  @Test
  void endsOnlyTheBenchesOfTheOutage() {
    Route route = new Route(PLATFORM, 5L);
    Account outage = rig.create("outage");
    Account own = rig.create("own-fault");
    Account other = rig.create("other-route");
    set(outage, bench(BenchCause.REFRESH_FAILED, 600, route.label()));
    set(outage, bench(BenchCause.RATE_LIMITED, 600));
    set(own, bench(BenchCause.REFRESH_FAILED, 600));
    set(other, bench(BenchCause.REFRESH_FAILED, 600, new Route(PLATFORM, null).label()));
    rig.sql("update accounts set not_before = now() + interval '10 minutes'");

    List<Account> recovered = get(benches.clearOutage(route, now));

    assertThat(recovered).extracting(Account::id).containsExactly(outage.id());
    assertThat(recovered.getFirst().benches().all())
        .extracting(Bench::cause)
        .containsExactly(BenchCause.RATE_LIMITED);
    assertThat(recovered.getFirst().credentials().notBefore()).isNull();
    assertThat(rig.find(own.id()).benches().activeAt(now)).hasSize(1);
    assertThat(rig.find(other.id()).benches().activeAt(now)).hasSize(1);
  }

  @Test
  void keepsTheRestOfAnUnknownOutcomeWhenItsBenchIsCleared() {
    Account account = rig.create("guarded");
    set(account, bench(BenchCause.REFRESH_FAILED, 600));
    rig.sql(
        "update accounts set unknown_since = now(), not_before = now() + interval '1 hour'"
            + " where id = "
            + account.id());

    Account cleared =
        get(benches.clear(account.id(), Set.of(BenchCause.REFRESH_FAILED))).orElseThrow();

    assertThat(cleared.credentials().notBefore())
        .isAfter(Instant.now().plus(Duration.ofMinutes(50)));
  }

  private Optional<Account> set(Account account, Bench bench) {
    return get(benches.set(account.id(), bench, now));
  }

  private Bench bench(BenchCause cause, int seconds) {
    return bench(cause, seconds, null);
  }

  private Bench bench(BenchCause cause, int seconds, @Nullable String route) {
    return new Bench(cause, now.plusSeconds(seconds), "why", now, Trigger.REPORT, route);
  }
}
