package dev.evertoken.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.FleetCounts;
import dev.evertoken.port.FleetCounts.Counts;
import dev.evertoken.port.FleetCounts.OfPlatform;
import dev.evertoken.rig.ManualTime;
import dev.evertoken.rig.PlatformDraft;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The metrics bear the contract's names, and cost little however often they are asked for. */
final class NodeMetricsTest {

  private final ManualTime time = new ManualTime();
  private final NodeMetrics node = new NodeMetrics();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicBoolean postgres = new AtomicBoolean(true);
  private final List<Suspension> suspensions = new ArrayList<>();

  private Duration took = Duration.ZERO;

  private Future<Counts> counts() {
    asked.incrementAndGet();
    time.advance(took);
    if (!postgres.get()) {
      return Future.failedFuture("down");
    }
    OfPlatform sample =
        new OfPlatform(
            "sample",
            Map.of("usable", 3L, "error", 1L),
            time.instant().minusSeconds(7),
            time.instant().plusSeconds(90),
            Map.of("7d", 2L));
    return Future.succeededFuture(
        new Counts(List.of(sample), Map.of("sample", 3L, "blue", (long) asked.get())));
  }

  private void watch() {
    FleetCounts fleet = this::counts;
    node.watch(
        new Watched(
            fleet,
            new Platforms(Map.of("sample", new PlatformDraft().platform())),
            () -> suspensions,
            () -> 2,
            Map.of("postgres", postgres::get),
            time));
  }

  private List<String> lines() {
    return node.exposition().result().lines().toList();
  }

  @Test
  void whatTheUseCasesCountHasTheNamesOfTheContract() {
    node.metrics().tokenAnswered("sample", TokenSource.NEAR, TokenState.FRESH);
    node.metrics().tokenAnswered("sample", TokenSource.NEAR, TokenState.FRESH);
    node.metrics().tokenFailed(ProblemCode.POOL_EXHAUSTED);
    node.metrics()
        .refreshed("sample", RefreshClass.SUCCESS, Trigger.REQUEST, Duration.ofMillis(300));
    node.metrics().tidied("throttles", 2);
    assertThat(lines())
        .contains(
            "evertoken_token_answers_total{platform=\"sample\",source=\"near\",state=\"fresh\"}"
                + " 2.0",
            "evertoken_tidied_total{kind=\"throttles\"} 2.0",
            "evertoken_token_failures_total{code=\"pool_exhausted\"} 1.0",
            "evertoken_refreshes_total{class=\"success\",platform=\"sample\",trigger=\"request\"}"
                + " 1.0",
            "evertoken_refresh_seconds_count{platform=\"sample\"} 1",
            "evertoken_refresh_seconds_bucket{platform=\"sample\",le=\"0.5\"} 1");
  }

  @Test
  void theGaugesHaveTheNamesOfTheContract() {
    watch();
    assertThat(lines())
        .contains(
            "evertoken_accounts{platform=\"sample\",state=\"usable\"} 3.0",
            "evertoken_accounts{platform=\"sample\",state=\"error\"} 1.0",
            "evertoken_pool_usable{pool=\"sample\"} 3.0",
            "evertoken_refresh_oldest_due_seconds{platform=\"sample\"} 7.0",
            "evertoken_nearest_expiry_seconds{platform=\"sample\"} 90.0",
            "evertoken_escrow_records 2.0",
            "evertoken_dependency_up{name=\"postgres\"} 1.0",
            "evertoken_route_open{platform=\"sample\",proxy=\"direct\"} 0.0");
  }

  @Test
  void aSuspendedWayIsOpenUntilItIsLifted() {
    watch();
    Suspension route =
        new Suspension(
            Suspension.Kind.ROUTE, "sample", null, "why", time.instant(), time.instant());
    Suspension proxy =
        new Suspension(Suspension.Kind.PROXY, null, 4L, "why", time.instant(), time.instant());
    suspensions.add(route);
    suspensions.add(proxy);
    assertThat(lines())
        .contains(
            "evertoken_route_open{platform=\"sample\",proxy=\"direct\"} 1.0",
            "evertoken_route_open{platform=\"*\",proxy=\"4\"} 1.0");
    suspensions.clear();
    assertThat(lines())
        .contains("evertoken_route_open{platform=\"sample\",proxy=\"direct\"} 0.0")
        .noneMatch(line -> line.contains("proxy=\"4\""));
  }

  @Test
  void theAccountsAreCountedOnceInFifteenSecondsHoweverOftenTheyAreAskedFor() {
    watch();
    for (int i = 0; i < 10; i++) {
      lines();
    }
    assertThat(asked).hasValue(1);
    time.advance(NodeMetrics.COUNTED);
    assertThat(lines()).contains("evertoken_pool_usable{pool=\"blue\"} 2.0");
  }

  @Test
  void aCountThatTookLongIsShownLonger() {
    took = Duration.ofSeconds(2);
    watch();
    lines();
    time.advance(NodeMetrics.COUNTED);
    lines();
    assertThat(asked).hasValue(1);
    time.advance(took.multipliedBy(NodeMetrics.REST));
    lines();
    assertThat(asked).hasValue(2);
  }

  @Test
  void oldCountsStandWhilePostgresIsDown() {
    watch();
    lines();
    postgres.set(false);
    time.advance(NodeMetrics.COUNTED);
    assertThat(lines())
        .contains(
            "evertoken_pool_usable{pool=\"blue\"} 1.0",
            "evertoken_dependency_up{name=\"postgres\"} 0.0");
  }

  @Test
  void vertxAndTheJvmAreInTheSameExposition() {
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setMetricsOptions(node.vertxOptions()))
            .withMetrics(node.vertxFactory())
            .build();
    try {
      assertThat(lines())
          .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"))
          .anyMatch(line -> line.startsWith("vertx_"));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
