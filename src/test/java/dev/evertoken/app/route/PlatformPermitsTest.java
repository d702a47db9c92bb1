package dev.evertoken.app.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Route;
import dev.evertoken.rig.PlatformDraft;
import dev.evertoken.sim.VirtualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlatformPermitsTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final VirtualTime time = new VirtualTime();
  private final PlatformPermits permits = new PlatformPermits(time, time, () -> 1);

  private static Platform platform(int concurrency, double perSecond) {
    return new PlatformDraft()
        .timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10))
        .limits(concurrency, perSecond)
        .platform();
  }

  /** How many of a hundred that want one get a place at once. */
  private long places(Platform platform, Route route) {
    List<Future<PermitQueue.Permit>> all =
        IntStream.range(0, 100)
            .mapToObj(i -> permits.route(platform, route, new Demand(false), LONG))
            .toList();
    return all.stream().filter(Future::succeeded).count();
  }

  @Test
  void noMoreHaveAPlaceOnTheirRouteThanComeToTheirTurnInTime() {
    Platform slow = platform(100, 2);

    assertThat(places(slow, new Route(slow.name(), null))).isEqualTo(10);
  }

  @Test
  void aLowRateLeavesAFewPlaces() {
    Platform slowest = platform(100, 0.1);

    assertThat(places(slowest, new Route(slowest.name(), null))).isEqualTo(4);
  }

  /** A place at the platform is not to wait for a claim: as many again as a quarter stand ready. */
  @Test
  void whereTheRateIsHighTheConcurrencyCounts() {
    Platform fast = platform(48, 1000);

    assertThat(places(fast, new Route(fast.name(), null))).isEqualTo(60);
  }

  @Test
  void aRouteThatNobodyUsesIsForgotten() {
    Platform platform = platform(10, 0);
    for (long proxy = 1; proxy <= 1000; proxy++) {
      Route route = new Route(platform.name(), proxy);
      time.get(permits.route(platform, route, new Demand(true), LONG)).close();
    }
    assertThat(permits.routesInUse()).isZero();
  }

  @Test
  void aRouteIsKeptWhileOneWaitsAndForgottenWhenTheWaitWasInVain() {
    Platform platform = platform(1, 0);
    Route route = new Route(platform.name(), 7L);
    Future<PermitQueue.Permit> first = permits.route(platform, route, new Demand(true), LONG);
    Future<PermitQueue.Permit> second = permits.route(platform, route, new Demand(true), LONG);
    Future<PermitQueue.Permit> third = permits.route(platform, route, new Demand(true), LONG);
    List<Future<PermitQueue.Permit>> all = List.of(first, second, third);

    all.stream().filter(Future::succeeded).forEach(place -> place.result().close());
    time.settle();
    assertThat(permits.routesInUse()).isOne();
    time.advance(LONG);
    all.stream().filter(Future::succeeded).forEach(place -> place.result().close());
    assertThat(permits.routesInUse()).isZero();
  }
}
