package dev.evertoken.adapter.metrics;

import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.FleetCounts;
import dev.evertoken.port.Time;
import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What the gauges look at when they are asked for.
 *
 * @param escrow how many answers wait in this node's journal
 * @param dependencies by name, such as {@code postgres}: whether it is up
 */
public record Watched(
    FleetCounts fleet,
    Platforms platforms,
    Supplier<? extends Collection<Suspension>> suspensions,
    IntSupplier escrow,
    Map<String, BooleanSupplier> dependencies,
    Time time) {

  public Watched {
    dependencies = Map.copyOf(dependencies);
  }
}
