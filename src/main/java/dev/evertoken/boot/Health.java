package dev.evertoken.boot;

import dev.evertoken.http.Readiness;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What this node knows of itself and of what it depends on.
 *
 * @param dependencies by name, in the order in which they are told: whether each is up
 */
record Health(Supplier<Phase> now, Map<String, BooleanSupplier> dependencies) implements Readiness {

  @Override
  public Phase phase() {
    return now.get();
  }

  @Override
  public List<String> missing() {
    return dependencies.entrySet().stream()
        .filter(dependency -> !dependency.getValue().getAsBoolean())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether every node that lives by its heartbeat is in the cluster that this one sees. */
  static boolean seesAll(ClusterMember member, Set<String> others) {
    return member.nodes().containsAll(others);
  }
}
