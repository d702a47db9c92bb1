package dev.evertoken.sim;

import dev.evertoken.memory.MemoryBus;
import dev.evertoken.memory.MemoryDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One run: nodes, callers and faults, all decided by a seed; then everything works again, and what
 * the run left is judged.
 */
final class Simulation {

  private static final int NODES = 3;
  private static final Duration TROUBLE = Duration.ofMinutes(4);

  /** The longest wait that the service may order by itself, and some more. */
  private static final Duration RECOVERY = Duration.ofMinutes(15);

  /** The same where nothing speaks against presenting the refresh token again. */
  private static final Duration SOON = Duration.ofMinutes(2);

  /** What came of a run. */
  record Outcome(long seed, List<String> wrong, List<String> trace, int answers, int exchanges) {
    boolean passed() {
      return wrong.isEmpty();
    }
  }

  private final long seed;
  private final VirtualTime time;
  private final Cluster cluster;
  private final Fleet fleet;
  private final Ledger ledger = new Ledger(Fleet.LIFE);
  private final Nemesis nemesis;
  private final Oracle oracle;
  private final Callers callers;

  Simulation(long seed, SimEngine.Maker maker) {
    this(seed, maker, false);
  }

  /** A run in which nothing goes wrong, to see that an engine works at all. */
  static Simulation calm(long seed, SimEngine.Maker maker) {
    return new Simulation(seed, maker, true);
  }

  private Simulation(long seed, SimEngine.Maker maker, boolean calm) {
    this.seed = seed;
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    time = VirtualTime.shuffled(random.nextLong());
    fleet = new Fleet(new Random(random.nextLong()));
    cluster = new Cluster(time, new Random(random.nextLong()), NODES);
    Weather weather = new Weather(new Random(random.nextLong()));
    nemesis = new Nemesis(cluster, new Random(random.nextLong()), weather, calm);
    oracle = new Oracle(time, ledger, cluster.database(), cluster.nodes());
    SimProvider provider =
        new SimProvider(time, new Random(random.nextLong()), ledger, weather, Fleet.LIFE);
    provider.watch(oracle::presented);
    cluster.database().watch(oracle::replaced);
    cluster.whenDatabaseGoesBack(oracle::wentBack);
    Random journeys = new Random(random.nextLong());
    cluster.connect(
        new MemoryBus(() -> journey(journeys)),
        new FaultyPorts(time, new Random(random.nextLong()), nemesis),
        provider,
        fleet,
        maker);
    callers = new Callers(time, new Random(random.nextLong()), fleet, oracle, cluster);
  }

  private Optional<Duration> journey(Random random) {
    return random.nextDouble() < nemesis.noticesLost
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(random.nextInt(random.nextInt(20) == 0 ? 3000 : 20)));
  }

  /** The same with a law of the stores broken by hand. */
  Simulation broken(MemoryDatabase.Broken law) {
    cluster.database().breakByHand(law);
    return this;
  }

  /** Runs it to its end. */
  Outcome run() {
    try {
      trouble();
      recovery();
    } catch (RuntimeException | AssertionError e) {
      oracle.accuse("an event threw " + trace(e));
    }
    return new Outcome(
        seed, oracle.wrong(), history(), oracle.answers(), ledger.presentations().size());
  }

  private void trouble() {
    cluster.start();
    callers.start();
    nemesis.start(TROUBLE, fleet);
    time.runUntil(() -> !oracle.wrong().isEmpty(), TROUBLE);
  }

  private void recovery() {
    nemesis.heal();
    callers.every(Duration.ofSeconds(15));
    Instant healedAt = time.instant();
    Instant end = healedAt.plus(RECOVERY);
    settle(healedAt, healedAt.plus(SOON));
    fleet.accounts().stream()
        .filter(id -> !ill(id) && !settled(id, healedAt))
        .forEach(oracle::shouldHaveRecovered);
    settle(healedAt, end);
    if (oracle.wrong().isEmpty()) {
      // What runs now may end.
      time.advance(Duration.ofSeconds(20));
      settle(healedAt, end);
      time.runUntil(() -> fleet.accounts().stream().allMatch(oracle::quiet), Duration.ofMinutes(1));
      fleet.accounts().forEach(id -> oracle.atTheEnd(id, healedAt, ill(id)));
      fleet.accounts().forEach(oracle::unreadableKept);
      oracle.escrowsAreTidy();
      cluster.nodes().forEach(this::leftovers);
    }
  }

  /** Looked at once a second, as it costs more than an event does. */
  private void settle(Instant healedAt, Instant end) {
    while (oracle.wrong().isEmpty() && time.instant().isBefore(end) && !settled(healedAt)) {
      time.advance(Duration.ofSeconds(1));
    }
  }

  private boolean ill(long account) {
    Long ill = nemesis.illAccount();
    return ill != null && ill == account;
  }

  private boolean settled(Instant healedAt) {
    return cluster.nodes().stream().allMatch(n -> n.process != null && n.process.serves())
        && fleet.accounts().stream().allMatch(id -> ill(id) || settled(id, healedAt));
  }

  private boolean settled(long account, Instant healedAt) {
    return oracle.recovered(account, healedAt) || oracle.endedWithReason(account);
  }

  private void leftovers(SimNode node) {
    SimNode.Running process = node.process;
    if (process == null || process.engine == null) {
      oracle.accuse(node.name + " does not run");
    } else if (!time.runUntil(() -> leftover(process).isEmpty(), Duration.ofMinutes(1))) {
      oracle.accuse(process + " still holds " + leftover(process));
    }
  }

  private static String leftover(SimNode.Running process) {
    return process.engine == null ? "" : process.engine.leftovers();
  }

  /** What was done, and every exchange. */
  private List<String> history() {
    if (oracle.wrong().isEmpty()) {
      return List.of();
    }
    List<String> history = new ArrayList<>(nemesis.done());
    ledger.presentations().forEach(made -> history.add(made.at + " " + made));
    history.sort(String::compareTo);
    history.add(callers.refusals().toString());
    return history;
  }

  private static String trace(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    for (StackTraceElement element : thrown.getStackTrace()) {
      text.append("\n    at ").append(element);
    }
    return text.toString();
  }
}
