package dev.evertoken.chaos;

import dev.evertoken.chaos.Surroundings.Around;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Frozen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Does one random thing after another to the nodes and what is around them, and undoes it. */
final class Nemesis {

  /** What is done to a node. */
  enum Node {
    KILLED,
    KILLED_IN_A_REFRESH,
    KILLED_WITH_ANSWERS_KEPT,
    FROZEN,
    FROZEN_BEYOND_ITS_CLAIMS,
    FROZEN_IN_A_REFRESH
  }

  /** A claim lasts for an exchange and 5 s. */
  private static final Duration BEYOND_A_CLAIM = Nodes.EXCHANGE.plusSeconds(6);

  private final Nodes nodes;
  private final Surroundings surroundings;
  private final Excuses excuses;
  private final Oracle oracle;
  private final Random random;
  private final FailPointMix mix;
  private final Map<String, Integer> done = new TreeMap<>();
  private final Map<Integer, Excuses.Death> deaths = new TreeMap<>();
  private final List<Around> arounds = new ArrayList<>();
  private final List<Node> kinds = new ArrayList<>();

  Nemesis(Nodes nodes, Accounts accounts, Excuses excuses, Oracle oracle, long seed) {
    this.nodes = nodes;
    this.excuses = excuses;
    this.oracle = oracle;
    this.random = new Random(seed);
    this.surroundings = new Surroundings(nodes, accounts, excuses, random);
    this.mix = new FailPointMix(random);
  }

  /** How often each thing was done. */
  Map<String, Integer> done() {
    return done;
  }

  /**
   * Something around the nodes, to a node, or to both at once, from its beginning to its end. Each
   * comes as often as the others.
   */
  String strike() {
    int both = random.nextInt(4);
    if (both > 1) {
      Around around = draw(arounds, Around.values());
      during(around).run();
      return around.name();
    }
    Node kind = draw(kinds, Node.values());
    done.merge("NODE_" + kind, 1, Integer::sum);
    int node = random.nextInt(Nodes.COUNT);
    if (both == 1) {
      Around around = draw(arounds, Around.values());
      strike(kind, node, during(around));
      return around + " and NODE_" + kind;
    }
    strike(kind, node, () -> {});
    return "NODE_" + kind;
  }

  /** What a restart alone can save comes first, so that no run is without it. */
  String strikeFirst() {
    done.merge("NODE_" + Node.KILLED_WITH_ANSWERS_KEPT, 1, Integer::sum);
    strike(Node.KILLED_WITH_ANSWERS_KEPT, random.nextInt(Nodes.COUNT), () -> {});
    return "NODE_" + Node.KILLED_WITH_ANSWERS_KEPT;
  }

  private <T> T draw(List<T> left, T[] all) {
    if (left.isEmpty()) {
      left.addAll(List.of(all));
      Collections.shuffle(left, random);
    }
    return left.removeLast();
  }

  /** Begins it, lets it last and ends it. */
  private Runnable during(Around around) {
    return () -> {
      done.merge(around.name(), 1, Integer::sum);
      Runnable heal = surroundings.begin(around);
      last(300, 2500);
      heal.run();
    };
  }

  private void strike(Node kind, int node, Runnable meanwhile) {
    switch (kind) {
      case KILLED -> {
        kill(node);
        meanwhile.run();
        revive(node, mix.delays());
      }
      case KILLED_IN_A_REFRESH -> {
        kill(node);
        revive(node, mix.deadly());
        meanwhile.run();
        awaitDeath(node);
        revive(node, mix.delays());
      }
      case KILLED_WITH_ANSWERS_KEPT -> {
        kill(node);
        revive(node, mix.deadlyWithAnswersKept());
        meanwhile.run();
        awaitDeath(node);
        revive(node, mix.delays());
      }
      case FROZEN -> freeze(node, Duration.ofMillis(300 + random.nextInt(3000)), meanwhile);
      case FROZEN_BEYOND_ITS_CLAIMS -> freeze(node, BEYOND_A_CLAIM, meanwhile);
      case FROZEN_IN_A_REFRESH -> {
        kill(node);
        revive(node, mix.stopping());
        meanwhile.run();
        awaitStop(node);
      }
    }
  }

  private void kill(int node) {
    nodes.node(node).kill9();
    excuses.open("the node was killed", node).close();
    deaths.put(node, excuses.died(node, Excuses.disk(nodes, node)));
  }

  private void revive(int node, String failPoints) {
    nodes.restart(node, failPoints);
    Excuses.Death death = deaths.get(node);
    if (death != null) {
      death.over();
      if (!awaitQuietly(() -> delivered(death, node))) {
        oracle.accuse("node " + node + " left what was on its disk when it died");
      }
    }
  }

  private boolean delivered(Excuses.Death death, int node) {
    try {
      return !death.leaves(Excuses.disk(nodes, node));
    } catch (UncheckedIOException changing) {
      // The node has just taken away a file that we were about to read.
      return false;
    }
  }

  /** It dies by itself when it comes to the place, or, where nobody asks it enough, by us. */
  private void awaitDeath(int node) {
    awaitQuietly(() -> !nodes.node(node).isAlive());
    kill(node);
  }

  private void awaitStop(int node) {
    Excuses.Window window = excuses.open(Excuses.FROZEN, node);
    long pid = nodes.node(node).pid();
    if (awaitQuietly(() -> stopped(pid))) {
      Await.pass(random.nextBoolean() ? BEYOND_A_CLAIM : Duration.ofSeconds(1));
      Frozen.resume(pid);
    }
    window.close();
  }

  private static boolean stopped(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).startsWith("T");
    } catch (IOException gone) {
      return false;
    }
  }

  private static boolean awaitQuietly(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Await.pass(Duration.ofMillis(20));
    }
    return condition.getAsBoolean();
  }

  private void freeze(int node, Duration atLeast, Runnable meanwhile) {
    Excuses.Window window = excuses.open(Excuses.FROZEN, node);
    try (Frozen _ = nodes.node(node).freeze()) {
      meanwhile.run();
      Await.pass(atLeast);
    }
    window.close();
  }

  private void last(int atLeast, int more) {
    Await.pass(Duration.ofMillis(atLeast + random.nextInt(more)));
  }
}
