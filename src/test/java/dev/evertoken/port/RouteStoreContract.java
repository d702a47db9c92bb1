package dev.evertoken.port;

import static dev.evertoken.port.StoreSamples.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.RouteFault;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Suspension.Kind;
import dev.evertoken.domain.Suspension.Outage;
import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.domain.WayRecord.Bucket;
import dev.evertoken.domain.WayRecord.Failure;
import dev.evertoken.domain.WayRecord.Success;
import dev.evertoken.port.RouteStore.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the ways keeps to, but for its probes. */
public abstract class RouteStoreContract {

  private StoreSamples samples;
  private RouteStore routes;
  private Way direct;

  protected abstract Stores stores();

  @BeforeEach
  void begin() {
    samples = new StoreSamples(stores());
    routes = stores().routes();
    direct = new Way(samples.platform, null);
  }

  @Test
  void tellsTheFailuresOfAWayOldestFirst() {
    Failure second = failure(2, 10, RouteFault.PAGE);
    Failure first = failure(1, 20, RouteFault.CONNECT);
    get(routes.failed(direct, second));

    WayRecord record = get(routes.failed(direct, first));

    assertThat(record.way()).isEqualTo(direct);
    assertThat(record.failures()).containsExactly(first, second);
    assertThat(recordOf(direct)).contains(record);
  }

  @Test
  void keepsTheLastTwenty() {
    for (int i = 1; i < 25; i++) {
      get(routes.failed(direct, failure(i, 100 - i, RouteFault.STATUS)));
    }

    WayRecord record = get(routes.failed(direct, failure(25, 1, RouteFault.STATUS)));

    assertThat(record.failures()).extracting(Failure::account).hasSize(20).endsWith(24L, 25L);
    assertThat(record.failures().getFirst().account()).isEqualTo(6);
  }

  @Test
  void tellsRoutesAndProxiesApart() {
    long proxy = StoreSamples.newProxy();
    List<Way> ways = List.of(direct, new Way(samples.platform, proxy), Way.ofProxy(proxy));
    for (int i = 0; i < ways.size(); i++) {
      get(routes.failed(ways.get(i), failure(i, 10, RouteFault.PROXY)));
    }

    for (int i = 0; i < ways.size(); i++) {
      long account = i;
      assertThat(recordOf(ways.get(i)).orElseThrow().failures())
          .extracting(Failure::account)
          .containsExactly(account);
    }
  }

  @Test
  void anUnderstoodAnswerClearsWhatIsOlderThanItsRequest() {
    Failure older = failure(1, 30, RouteFault.STATUS);
    Failure newer = failure(2, 10, RouteFault.STATUS);
    get(routes.failed(direct, older));
    get(routes.failed(direct, newer));

    get(routes.understood(direct, samples.ago(Duration.ofSeconds(20))));
    assertThat(recordOf(direct).orElseThrow().failures()).containsExactly(newer);

    get(routes.understood(direct, samples.in(Duration.ZERO)));
    assertThat(recordOf(direct)).isEmpty();
  }

  @Test
  void addsUpWhatNodesCounted() {
    Instant start = samples.ago(Duration.ofSeconds(10));
    Instant before = samples.ago(Duration.ofSeconds(15));
    get(routes.count(List.of(tally(direct, start, 3, 1), tally(direct, before, 1, 1))));

    get(routes.count(List.of(tally(direct, start, 2, 2))));

    assertThat(recordOf(direct).orElseThrow().buckets())
        .containsExactly(new Bucket(before, 1, 1), new Bucket(start, 5, 3));
  }

  @Test
  void addsUpWhatOneNodeCountedTwice() {
    Instant start = samples.ago(Duration.ofSeconds(10));

    get(routes.count(List.of(tally(direct, start, 3, 1), tally(direct, start, 2, 0))));

    assertThat(recordOf(direct).orElseThrow().buckets()).containsExactly(new Bucket(start, 5, 1));
  }

  @Test
  void forgetsWhatIsOlderThanAMinute() {
    Instant old = samples.ago(Duration.ofSeconds(90));
    Instant start = samples.ago(Duration.ofSeconds(10));
    get(routes.count(List.of(tally(direct, old, 3, 1))));
    assertThat(recordOf(direct)).isEmpty();

    get(routes.count(List.of(tally(direct, start, 1, 0), tally(direct, old, 3, 1))));

    assertThat(recordOf(direct).orElseThrow().buckets()).containsExactly(new Bucket(start, 1, 0));
  }

  @Test
  void remembersTheTwoAccountsThatSucceededLast() {
    Success early = success(1, 30);
    Success other = success(2, 20);
    Success again = success(1, 10);
    get(routes.count(List.of(successes(early), successes(other))));
    get(routes.count(List.of(successes(again))));
    assertThat(recordOf(direct).orElseThrow().successes()).containsExactly(other, again);

    Success third = success(3, 5);
    get(routes.count(List.of(successes(third, success(2, 40)))));
    assertThat(recordOf(direct).orElseThrow().successes()).containsExactly(again, third);

    Success thirdAgain = success(3, 1);
    get(routes.count(List.of(successes(thirdAgain))));
    assertThat(recordOf(direct).orElseThrow().successes()).containsExactly(again, thirdAgain);
  }

  @Test
  void knowsWhetherOthersCouldRefreshOnAWay() {
    long proxy = StoreSamples.newProxy();
    long first = samples.account("direct-1", null).id();
    long second = samples.account("direct-2", null).id();
    long through = samples.account("through", proxy).id();
    samples.failsByItself(samples.account("by-itself", null));
    Way route = new Way(samples.platform, proxy);

    assertThat(get(routes.othersCouldRefresh(direct, Set.of(first)))).isTrue();
    assertThat(get(routes.othersCouldRefresh(direct, Set.of(first, second)))).isFalse();
    assertThat(get(routes.othersCouldRefresh(route, Set.of(first)))).isTrue();
    assertThat(get(routes.othersCouldRefresh(route, Set.of(through)))).isFalse();
    assertThat(get(routes.othersCouldRefresh(Way.ofProxy(proxy), Set.of(through)))).isFalse();
    assertThat(get(routes.othersOfPlatform(samples.platform, Set.of(first, second)))).isTrue();
    assertThat(get(routes.othersOfPlatform(samples.platform, Set.of(first, second, through))))
        .isFalse();
    assertThat(get(routes.othersOfPlatform("nobody's", Set.of()))).isFalse();
  }

  @Test
  void keepsASuspensionWithItsOutage() {
    Suspension down =
        suspension(Kind.UNREADABLE, null, 60, new Outage(samples.ago(Duration.ofHours(1)), 0));

    assertThat(get(routes.suspend(down))).isTrue();
    assertThat(suspensions()).containsExactly(down);
    assertThat(get(routes.suspend(down))).as("it is there already").isFalse();
  }

  @Test
  void aThrottledWayIsShownUntilItIsLifted() {
    Suspension rested = suspension(Kind.THROTTLED, null, -10);
    Suspension route = suspension(Kind.ROUTE_THROTTLED, null, -10);
    get(routes.suspend(rested));
    get(routes.suspend(route));

    assertThat(suspensions()).containsExactlyInAnyOrder(rested, route);
  }

  @Test
  void movesTheProbeOnlyLaterButAfterAFailedProbe() {
    Suspension down = suspension(Kind.ROUTE, null, 60);
    get(routes.suspend(down));

    get(routes.suspend(suspension(Kind.ROUTE, null, 30)));
    assertThat(suspensions().getFirst().probeAt()).isEqualTo(down.probeAt());

    Suspension later = suspension(Kind.ROUTE, null, 90);
    get(routes.suspend(later));
    assertThat(suspensions().getFirst().probeAt()).isEqualTo(later.probeAt());
    assertThat(suspensions().getFirst().since()).isEqualTo(down.since());

    Suspension probed = suspension(Kind.ROUTE, null, 20, new Outage(down.outage().since(), 1));
    get(routes.suspend(probed));
    assertThat(suspensions().getFirst().probeAt()).isEqualTo(probed.probeAt());
    assertThat(suspensions().getFirst().outage()).isEqualTo(probed.outage());
  }

  @Test
  void theEndOfARouteClearsItsEvidenceOnly() {
    long proxy = StoreSamples.newProxy();
    Way neighbour = new Way(samples.platform, proxy);
    Suspension down = suspension(Kind.ROUTE, null, 60);
    get(routes.suspend(down));
    for (Way way : List.of(direct, neighbour)) {
      get(routes.failed(way, failure(1, 10, RouteFault.STATUS)));
      get(routes.count(List.of(tally(way, samples.ago(Duration.ofSeconds(5)), 1, 1))));
    }

    assertThat(get(routes.lift(down))).isTrue();

    assertThat(recordOf(direct)).isEmpty();
    assertThat(recordOf(neighbour)).isPresent();
    assertThat(suspensions()).isEmpty();
    assertThat(get(routes.lift(down))).isFalse();
  }

  @Test
  void theEndOfAProxyClearsItsOwnEvidence() {
    long proxy = StoreSamples.newProxy();
    Suspension down = suspension(Kind.PROXY, proxy, 60);
    get(routes.suspend(down));
    get(routes.failed(Way.ofProxy(proxy), failure(1, 10, RouteFault.PROXY)));
    get(routes.failed(new Way(samples.platform, proxy), failure(1, 10, RouteFault.STATUS)));

    get(routes.lift(down));

    assertThat(recordOf(Way.ofProxy(proxy))).isEmpty();
    assertThat(recordOf(new Way(samples.platform, proxy))).isPresent();
  }

  @Test
  void theEndOfAPlatformClearsAllItsRoutesAndMakesThemDueForAProbe() {
    for (Kind kind : List.of(Kind.PLATFORM, Kind.THROTTLED, Kind.PROVIDER_CONFIG)) {
      long proxy = StoreSamples.newProxy();
      Suspension route = suspension(Kind.ROUTE, proxy, 600);
      Suspension platform = suspension(kind, null, 60);
      get(routes.suspend(route));
      get(routes.suspend(platform));
      get(routes.failed(direct, failure(1, 10, RouteFault.STATUS)));
      get(routes.failed(new Way(samples.platform, proxy), failure(1, 10, RouteFault.STATUS)));

      get(routes.lift(platform));

      assertThat(recordOf(direct)).isEmpty();
      assertThat(recordOf(new Way(samples.platform, proxy))).isEmpty();
      assertThat(suspensions())
          .filteredOn(s -> Long.valueOf(proxy).equals(s.proxyId()))
          .singleElement()
          .satisfies(
              s -> assertThat(s.probeAt()).isBeforeOrEqualTo(samples.in(Duration.ofSeconds(5))));
    }
  }

  private Failure failure(long account, int secondsAgo, RouteFault fault) {
    return new Failure(account, samples.ago(Duration.ofSeconds(secondsAgo)), fault);
  }

  private Success success(long account, int secondsAgo) {
    return new Success(account, samples.ago(Duration.ofSeconds(secondsAgo)));
  }

  private Tally tally(Way way, Instant start, int exchanges, int failures) {
    return new Tally(way, new Bucket(start, exchanges, failures), List.of());
  }

  private Tally successes(Success... successes) {
    Bucket bucket = new Bucket(samples.ago(Duration.ofSeconds(5)), successes.length, 0);
    return new Tally(direct, bucket, List.of(successes));
  }

  private Suspension suspension(Kind kind, @Nullable Long proxy, int probeInSeconds) {
    return suspension(
        kind, proxy, probeInSeconds, new Outage(samples.ago(Duration.ofMinutes(1)), 0));
  }

  private Suspension suspension(
      Kind kind, @Nullable Long proxy, int probeInSeconds, Outage outage) {
    return new Suspension(
        kind,
        kind == Kind.PROXY ? null : samples.platform,
        proxy,
        "down",
        samples.ago(Duration.ofMinutes(1)),
        samples.in(Duration.ofSeconds(probeInSeconds)),
        outage);
  }

  private List<Suspension> suspensions() {
    return get(routes.suspensions()).stream()
        .filter(s -> samples.platform.equals(s.platform()))
        .toList();
  }

  private Optional<WayRecord> recordOf(Way way) {
    return get(routes.records()).stream().filter(record -> record.way().equals(way)).findFirst();
  }
}
