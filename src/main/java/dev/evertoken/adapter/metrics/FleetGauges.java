package dev.evertoken.adapter.metrics;

import dev.evertoken.port.FleetCounts.Counts;
import dev.evertoken.port.FleetCounts.OfPlatform;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gauges over all accounts, as the latest counts have them. */
final class FleetGauges {

  private final MultiGauge accounts;
  private final MultiGauge usable;
  private final MultiGauge oldestDue;
  private final MultiGauge nearestExpiry;
  private final MultiGauge ending;

  FleetGauges(MeterRegistry registry) {
    accounts = gauge(registry, "evertoken.accounts", null, "Live accounts");
    usable = gauge(registry, "evertoken.pool.usable", null, "Accounts that a pool can pick");
    oldestDue =
        gauge(
            registry,
            "evertoken.refresh.oldest.due",
            "seconds",
            "How long the oldest background refresh has been due");
    ending =
        gauge(
            registry,
            "evertoken.refresh.tokens.expiring",
            null,
            "Refresh tokens that end by themselves soon");
    nearestExpiry =
        gauge(registry, "evertoken.nearest.expiry", "seconds", "Time to the first expiry");
  }

  void show(Counts counts, Instant now) {
    List<Row<?>> states = new ArrayList<>();
    List<Row<?>> due = new ArrayList<>();
    List<Row<?>> expiries = new ArrayList<>();
    List<Row<?>> ends = new ArrayList<>();
    for (OfPlatform platform : counts.platforms()) {
      Tags tags = Tags.of("platform", platform.platform());
      platform
          .byState()
          .forEach((state, count) -> states.add(Row.of(tags.and("state", state), count)));
      for (String within : List.of("1d", "7d")) {
        long count = platform.ending().getOrDefault(within, 0L);
        ends.add(Row.of(tags.and("within", within), count));
      }
      due.add(Row.of(tags, overdue(platform.oldestDue(), now)));
      if (platform.nearestExpiry() != null) {
        expiries.add(Row.of(tags, seconds(now, platform.nearestExpiry())));
      }
    }
    accounts.register(states, true);
    oldestDue.register(due, true);
    nearestExpiry.register(expiries, true);
    ending.register(ends, true);
    List<Row<?>> pools = new ArrayList<>();
    counts.usableByPool().forEach((pool, n) -> pools.add(Row.of(Tags.of("pool", pool), n)));
    usable.register(pools, true);
  }

  private static double overdue(@Nullable Instant since, Instant now) {
    return since == null ? 0 : Math.max(0, seconds(since, now));
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private static MultiGauge gauge(
      MeterRegistry registry, String name, @Nullable String unit, String description) {
    return MultiGauge.builder(name).baseUnit(unit).description(description).register(registry);
  }
}
