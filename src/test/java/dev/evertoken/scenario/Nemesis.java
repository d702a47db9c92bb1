package dev.evertoken.scenario;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Frozen;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Injects one random fault after another into a cluster, each healed before the next. */
final class Nemesis {

  enum Kind {
    KILL_NODE,
    FREEZE_NODE,
    CUT_POSTGRES,
    POSTGRES_AWAY,
    POSTGRES_FROZEN,
    REDIS_AWAY,
    REDIS_FROZEN,
    PROVIDER_FAILS,
    PROVIDER_SLOW
  }

  private final Cluster cluster;
  private final Random random;
  private final Map<Kind, Integer> done = new TreeMap<>();

  Nemesis(Cluster cluster, long seed) {
    this.cluster = cluster;
    this.random = new Random(seed);
  }

  /** One fault, from its beginning to its end. */
  void strike() {
    Kind[] kinds = Kind.values();
    Kind kind = kinds[random.nextInt(kinds.length)];
    done.merge(kind, 1, Integer::sum);
    int node = random.nextInt(3);
    switch (kind) {
      case KILL_NODE -> kill(node);
      case FREEZE_NODE -> freeze(node);
      case CUT_POSTGRES -> cluster.toPostgres().cut();
      case POSTGRES_AWAY -> {
        cluster.toPostgres().down();
        last(2000);
        cluster.toPostgres().restore();
      }
      case POSTGRES_FROZEN -> {
        cluster.toPostgres().blackHole();
        last(3000);
        cluster.toPostgres().restore();
      }
      case REDIS_AWAY -> {
        cluster.toRedis().down();
        last(2000);
        cluster.toRedis().restore();
      }
      case REDIS_FROZEN -> {
        cluster.toRedis().blackHole();
        last(2000);
        cluster.toRedis().restore();
      }
      case PROVIDER_FAILS -> {
        cluster.provider().switches().fault(Endpoint.TOKEN, Fault.error(503, "down").times(5));
        last(300);
        cluster.provider().switches().clearFaults();
      }
      case PROVIDER_SLOW -> {
        cluster.provider().switches().fault(Endpoint.TOKEN, Fault.delayed(Duration.ofMillis(800)));
        last(2000);
        cluster.provider().switches().clearFaults();
      }
    }
    last(500);
  }

  Map<Kind, Integer> done() {
    return done;
  }

  private void kill(int node) {
    cluster.node(node).kill9();
    last(500);
    cluster.restart(node);
    cluster.node(node).awaitReady(Duration.ofSeconds(60));
  }

  private void freeze(int node) {
    Frozen frozen = cluster.node(node).freeze();
    last(3000);
    frozen.close();
  }

  private void last(int mostMillis) {
    Await.pass(Duration.ofMillis(50 + random.nextInt(mostMillis)));
  }

  /** What a chaos run injected and where it ended, for the record. */
  String report(long seed, int rotations, List<Long> lost) {
    return new JsonObject()
        .put("seed", seed)
        .put("rotations", rotations)
        .put("faults", new JsonObject(new TreeMap<>(faults())))
        .put("rotation_lost", new ArrayList<>(lost))
        .encode();
  }

  private Map<String, Object> faults() {
    Map<String, Object> faults = new TreeMap<>();
    done.forEach((kind, times) -> faults.put(kind.name(), times));
    return faults;
  }
}
