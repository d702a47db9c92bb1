package dev.evertoken.port;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The nodes that live now, by their heartbeats; the limits of the cluster are divided by them. */
public interface Nodes {

  /** The id of this node. */
  String id();

  /** The ids of the other nodes that live; as last known while storage is down. */
  Set<String> others();

  /** How many nodes live, this one included: at least one. */
  default int live() {
    return 1 + others().size();
  }

  /** Completes once the nodes that lived before this one count it too. */
  Future<Void> known();

  /**
   * Says with which key this node seals from now on, at once and with each heartbeat.
   *
   * @param knownKeys those that it can open with
   * @param escrowLeft how many answers in its escrow are still under another key
   */
  Future<Void> sealsWith(String primaryKey, List<String> knownKeys, int escrowLeft);

  /** What each node that lives has said of its keys. */
  Future<List<Keys>> keys();

  /** What a node has said; null where it has said nothing yet, as one of an older version. */
  record Keys(
      String node,
      @Nullable String primaryKey,
      List<String> knownKeys,
      @Nullable Integer escrowLeft) {

    public Keys {
      knownKeys = List.copyOf(knownKeys);
    }
  }
}
