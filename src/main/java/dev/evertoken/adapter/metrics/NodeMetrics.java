package dev.evertoken.adapter.metrics;

import dev.evertoken.port.FleetCounts.Counts;
import dev.evertoken.port.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of one node in one registry: ours, Vert.x's and the JVM's.
 *
 * <p>Made before Vert.x, which takes {@link #vertxOptions()} and {@link #vertxFactory()}; told with
 * {@link #watch} what the gauges look at once there is something. Safe for any thread.
 */
public final class NodeMetrics {

  /** How long counts over all accounts are shown again, however often they are scraped. */
  static final Duration COUNTED = Duration.ofSeconds(15);

  /** And so many times as long as the counting took: it never costs more than that part. */
  static final int REST = 20;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final CountedMetrics counted = new CountedMetrics(registry);
  private final FleetGauges fleet = new FleetGauges(registry);
  private final RouteGauges routes = new RouteGauges(registry);
  private volatile @Nullable Watched watched;
  private boolean counting;
  private long countedAt;
  private long tookNanos;

  /** The counts and times of the use cases. */
  public Metrics metrics() {
    return counted;
  }

  public MicrometerMetricsOptions vertxOptions() {
    return new MicrometerMetricsOptions()
        .setEnabled(true)
        .setJvmMetricsEnabled(true)
        // Each further label is paid for by every request.
        .setLabels(EnumSet.of(Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME, Label.EB_SIDE))
        // The backends of Vert.x are kept by name for the whole JVM.
        .setRegistryName("evertoken-" + UUID.randomUUID());
  }

  public VertxMetricsFactory vertxFactory() {
    VertxMetricsFactory all = new MicrometerMetricsFactory(registry);
    return options -> new LeanVertxMetrics(all.metrics(options), new HttpServerMeters(registry));
  }

  /** Says what the gauges look at; called once. */
  public void watch(Watched what) {
    watched = what;
    Gauge.builder("evertoken.escrow.records", what.escrow()::getAsInt)
        .description("Answers in this node's journal that are not known to be stored")
        .register(registry);
    what.dependencies().forEach(this::watch);
  }

  private void watch(String name, BooleanSupplier up) {
    Gauge.builder("evertoken.dependency.up", () -> up.getAsBoolean() ? 1 : 0)
        .description("1: it can be used")
        .tag("name", name)
        .register(registry);
  }

  /** Everything in Prometheus' text format; old counts stand where PostgreSQL cannot be asked. */
  public Future<String> exposition() {
    Watched what = watched;
    return what == null
        ? Future.succeededFuture(registry.scrape())
        : counts(what).map(counts -> scrape(what, counts));
  }

  /** New counts; empty where those shown are young enough or none can be had. */
  private Future<Optional<Counts>> counts(Watched what) {
    return takeTurn(what.time().nanos())
        ? what.fleet()
            .counts()
            .onComplete(done -> took(what.time().nanos()))
            .map(Optional::of)
            .otherwise(Optional.empty())
        : Future.succeededFuture(Optional.empty());
  }

  private synchronized boolean takeTurn(long now) {
    if (counting && now - countedAt < Math.max(COUNTED.toNanos(), REST * tookNanos)) {
      return false;
    }
    counting = true;
    countedAt = now;
    return true;
  }

  private synchronized void took(long now) {
    tookNanos = now - countedAt;
  }

  private String scrape(Watched what, Optional<Counts> counts) {
    counts.ifPresent(fresh -> fleet.show(fresh, what.time().instant()));
    routes.show(what.platforms().all(), what.suspensions().get());
    return registry.scrape();
  }
}
