package dev.evertoken.port;

import static dev.evertoken.port.StoreSamples.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the benches keeps to. */
public abstract class BenchStoreContract {

  private StoreSamples samples;
  private BenchStore benches;
  private Instant now;

  protected abstract Stores stores();

  @BeforeEach
  void begin() {
    samples = new StoreSamples(stores());
    benches = stores().benches();
    now = samples.in(Duration.ZERO);
  }

  @Test
  void onlyMovesTheEndLater() {
    Account account = samples.account("later", null);
    assertThat(set(account, bench(BenchCause.RATE_LIMITED, 60, now, null))).isPresent();

    assertThat(set(account, bench(BenchCause.RATE_LIMITED, 30, now, null))).isEmpty();
    Bench longer = bench(BenchCause.RATE_LIMITED, 90, now.plusSeconds(1), null);
    Account after = set(account, longer).orElseThrow();

    assertThat(after.benches().all())
        .extracting(Bench::until, Bench::since)
        .containsExactly(tuple(longer.until(), now));
  }

  @Test
  void eachCauseIsClearedOnItsOwnAndNotByOlderEvidence() {
    Account account = samples.account("causes", null);
    Bench limited = bench(BenchCause.RATE_LIMITED, 60, now, null);
    set(account, limited);
    set(account, bench(BenchCause.MANUAL, 60, now, null));

    Account after = get(benches.clear(account.id(), Set.of(BenchCause.MANUAL))).orElseThrow();

    assertThat(after.benches().all()).containsExactly(limited);
    assertThat(get(benches.clear(account.id(), Set.of(BenchCause.MANUAL)))).isEmpty();
    Bench late = bench(BenchCause.MANUAL, 600, now, null);
    assertThat(get(benches.set(account.id(), late, now.minusSeconds(5)))).isEmpty();
    assertThat(get(benches.set(account.id(), late, now.plusSeconds(60)))).isPresent();
  }

  @Test
  void onlyTheEndOfAFailedRefreshMakesTheNextOneDue() {
    Account account = samples.account("unbenched", null);
    set(account, bench(BenchCause.MANUAL, 60, now, null));

    Account after = get(benches.clear(account.id(), EnumSet.allOf(BenchCause.class))).orElseThrow();

    assertThat(after.credentials().refreshDueAt()).isEqualTo(account.credentials().refreshDueAt());
    Bench late = bench(BenchCause.REFRESH_FAILED, 600, now, null);
    get(benches.set(account.id(), late, now.plusSeconds(60)));
    Account failed =
        get(benches.clear(account.id(), EnumSet.allOf(BenchCause.class))).orElseThrow();
    assertThat(failed.credentials().refreshDueAt()).isBefore(account.credentials().refreshDueAt());
  }

  @Test
  void theEndOfAnOutageEndsTheBenchesThatItSet() {
    Route route = new Route(samples.platform, StoreSamples.newProxy());
    Account outage = samples.account("outage", null);
    Account earlier = samples.account("earlier", null);
    Account elsewhere = samples.account("elsewhere", null);
    Account own = samples.account("own", null);
    samples.failed(
        outage,
        new Mark.Benched(bench(BenchCause.REFRESH_FAILED, 600, now, route)),
        new Next(now.plusSeconds(600), now.plusSeconds(600)),
        FailureHistory.NONE);
    set(outage, bench(BenchCause.RATE_LIMITED, 600, now, null));
    set(earlier, bench(BenchCause.REFRESH_FAILED, 600, now.minusSeconds(120), route));
    Route direct = new Route(samples.platform, null);
    set(elsewhere, bench(BenchCause.REFRESH_FAILED, 600, now, direct));
    samples.failsByItself(own);
    set(own, bench(BenchCause.REFRESH_FAILED, 600, now, route));

    var changed = get(benches.clearOutage(route, now.minusSeconds(60)));

    assertThat(changed).extracting(Account::id).containsExactly(outage.id());
    Account after = changed.getFirst();
    assertThat(after.benches().all())
        .extracting(Bench::cause)
        .containsExactly(BenchCause.RATE_LIMITED);
    assertThat(after.credentials().notBefore()).isNull();
    assertThat(after.credentials().refreshDueAt()).isBefore(samples.in(Duration.ofSeconds(5)));
    assertThat(get(benches.clearOutage(route, now.minusSeconds(60)))).isEmpty();
  }

  private Optional<Account> set(Account account, Bench bench) {
    return get(benches.set(account.id(), bench, now));
  }

  private Bench bench(BenchCause cause, int seconds, Instant since, @Nullable Route route) {
    return new Bench(
        cause,
        now.plusSeconds(seconds),
        "why",
        since,
        Trigger.REPORT,
        route == null ? null : route.label());
  }
}
