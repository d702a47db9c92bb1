package dev.evertoken.sim;

import dev.evertoken.memory.MemoryAccounts;
import dev.evertoken.memory.MemoryBenches;
import dev.evertoken.memory.MemoryBus;
import dev.evertoken.memory.MemoryClaims;
import dev.evertoken.memory.MemoryClients;
import dev.evertoken.memory.MemoryDatabase;
import dev.evertoken.memory.MemoryEscrow;
import dev.evertoken.memory.MemoryEvents;
import dev.evertoken.memory.MemoryFeed;
import dev.evertoken.memory.MemoryNodes;
import dev.evertoken.memory.MemoryPools;
import dev.evertoken.memory.MemoryProxies;
import dev.evertoken.memory.MemoryRoutes;
import dev.evertoken.memory.MemoryTokenCache;
import dev.evertoken.memory.QuietPorts;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.ChangeFeed;
import dev.evertoken.port.ClientStore;
import dev.evertoken.port.EventLog;
import dev.evertoken.port.PoolStore;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.TokenCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Nodes over one database, one Redis and one bus; starts, kills and restarts their processes. */
final class Cluster {

  private static final Duration BEAT = Duration.ofSeconds(2);

  private final VirtualTime time;
  private final Random random;
  private final List<SimNode> nodes = new ArrayList<>();
  private final MemoryDatabase database;
  private final MemoryTokenCache cache;
  private final MemoryNodes.Beats beats = new MemoryNodes.Beats();
  private final MemoryAccounts accounts;
  private final MemoryProxies proxies;
  private final MemoryPools pools;
  private final MemoryEvents events;
  private final Map<SimNode, MemoryTokenCache.Link> links = new HashMap<>();
  private Runnable onWentBack = () -> {};
  private @Nullable MemoryBus bus;
  private @Nullable FaultyPorts faults;
  private @Nullable SimProvider provider;
  private @Nullable Fleet fleet;
  private SimEngine.@Nullable Maker maker;

  Cluster(VirtualTime time, Random random, int size) {
    this.time = time;
    this.random = random;
    this.database = new MemoryDatabase(time);
    this.cache = new MemoryTokenCache(time);
    this.accounts = new MemoryAccounts(database);
    this.proxies = new MemoryProxies(database);
    this.pools = new MemoryPools(database);
    this.events = new MemoryEvents(database);
    for (int i = 1; i <= size; i++) {
      nodes.add(new SimNode("node-" + i));
    }
  }

  /** What the processes need beside their stores. */
  void connect(
      MemoryBus ofNotices,
      FaultyPorts ways,
      SimProvider upstream,
      Fleet stored,
      SimEngine.Maker engines) {
    bus = ofNotices;
    faults = ways;
    provider = upstream;
    fleet = stored;
    maker = engines;
    fleet.store(time, proxies, accounts, upstream.ledger());
  }

  VirtualTime time() {
    return time;
  }

  List<SimNode> nodes() {
    return nodes;
  }

  MemoryDatabase database() {
    return database;
  }

  FaultyPorts faults() {
    return there(faults);
  }

  void start() {
    nodes.forEach(this::start);
  }

  private void start(SimNode node) {
    SimNode.Running process = node.begin(time.node());
    MemoryBus.Member member = there(bus).join(process.time);
    MemoryNodes alive = new MemoryNodes(beats, node.name, process.time);
    process.onEnd = member::leave;
    beat(process, alive);
    SimEngine engine = there(maker).of(ports(process, member, alive));
    engine
        .start()
        .onSuccess(started -> process.engine = engine)
        .onFailure(failure -> crash(node, Duration.ofSeconds(2)));
  }

  private void beat(SimNode.Running process, MemoryNodes alive) {
    alive.beat();
    process.time.after(BEAT, () -> beat(process, alive));
  }

  private SimPorts ports(SimNode.Running process, MemoryBus.Member member, MemoryNodes alive) {
    MemoryTokenCache.Link link = cache.link();
    links.put(process.node, link);
    return new SimPorts(
        process.time,
        there(fleet).platforms(),
        stores(process),
        there(faults).cache(TokenCache.class, link, process),
        new MemoryEscrow(
            process.node.disk,
            process.time,
            process.time,
            () -> Duration.ofNanos(100_000L + random.nextInt(30_000_000))),
        there(provider).from(process),
        new SimPorts.Cluster(member, alive),
        new QuietPorts());
  }

  private SimPorts.Stores stores(SimNode.Running process) {
    FaultyPorts ways = there(faults);
    RefreshClaims claims =
        ways.database(RefreshClaims.class, new MemoryClaims(database, process.node.name), process);
    return new SimPorts.Stores(
        ways.database(AccountStore.class, accounts, process),
        ways.database(BenchStore.class, new MemoryBenches(database), process),
        new TakesGivenBack(claims, process.time),
        ways.database(RouteStore.class, new MemoryRoutes(database), process),
        ways.database(ClientStore.class, new MemoryClients(database), process),
        ways.database(ProxyStore.class, proxies, process),
        ways.database(PoolStore.class, pools, process),
        ways.database(ChangeFeed.class, new MemoryFeed(database), process),
        ways.database(EventLog.class, events, process));
  }

  /** Kills the process of a node, and starts another one later. */
  void crash(SimNode node, Duration away) {
    SimNode.Running process = node.process;
    if (process != null && !process.time.crashed()) {
      process.crash(time.instant());
      time.after(away, () -> start(node));
    }
  }

  /** Lets Redis go back to what it holds now. */
  Runnable redisGoesBack() {
    Object backup = cache.backup();
    return () -> cache.restore(backup);
  }

  /** Lets the database go back to what it holds now. */
  Runnable databaseGoesBack() {
    MemoryDatabase.Backup backup = database.backup();
    return () -> {
      database.restore(backup);
      onWentBack.run();
    };
  }

  /** Is told when the database has lost commits. */
  void whenDatabaseGoesBack(Runnable told) {
    onWentBack = told;
  }

  /** Cuts a node off from Redis. */
  void cutRedis(SimNode node, Duration length) {
    MemoryTokenCache.Link link = links.get(node);
    if (link != null) {
      link.up(false);
      time.after(length, () -> link.up(true));
    }
  }

  private static <T> T there(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("connect the cluster first");
    }
    return part;
  }
}
