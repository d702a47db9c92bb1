package dev.evertoken.sim;

import dev.evertoken.memory.MemoryEscrow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One node: a name, a disk, and the processes that ran on it, one after the other. */
final class SimNode {

  /** A time in which a process could not do its work, or not reach what it needs. */
  record Disturbance(String what, Instant from, Instant to) {

    private boolean touches(Instant since, Instant until) {
      return from.isBefore(until) && to.isAfter(since);
    }
  }

  static final String FROZEN = "frozen";

  final String name;
  final MemoryEscrow.Disk disk = new MemoryEscrow.Disk();
  private final List<Disturbance> disturbances = new ArrayList<>();
  private int starts;
  @Nullable Running process;

  /** Until when PostgreSQL cannot be reached from here. */
  Instant databaseCutUntil = Instant.MIN;

  SimNode(String name) {
    this.name = name;
  }

  /** A new process begins. */
  Running begin(NodeTime time) {
    Running begun = new Running(this, ++starts, time);
    process = begun;
    return begun;
  }

  void disturbed(String what, Instant from, Instant to) {
    disturbances.add(new Disturbance(what, from, to));
  }

  /** What kept this node from its work in that time. */
  Optional<String> disturbance(Instant from, Instant to) {
    return disturbances.stream()
        .filter(disturbance -> disturbance.touches(from, to))
        .map(Disturbance::what)
        .findFirst();
  }

  boolean frozenWithin(Instant from, Instant to) {
    return disturbances.stream().anyMatch(d -> d.what.equals(FROZEN) && d.touches(from, to));
  }

  /** One run of the service. */
  static final class Running {
    final SimNode node;
    final NodeTime time;
    private final int number;
    @Nullable Instant crashedAt;
    @Nullable SimEngine engine;
    Runnable onEnd = () -> {};

    private Running(SimNode node, int number, NodeTime time) {
      this.node = node;
      this.number = number;
      this.time = time;
    }

    /** It is gone, as by SIGKILL. */
    void crash(Instant now) {
      if (!time.crashed()) {
        time.crash();
        crashedAt = now;
        onEnd.run();
      }
    }

    boolean serves() {
      return !time.crashed() && !time.frozen() && engine != null;
    }

    @Override
    public String toString() {
      return node.name + "." + number;
    }
  }
}
