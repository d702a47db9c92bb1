package dev.evertoken.port;

import io.vertx.core.Future;
import java.util.Set;

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
}
