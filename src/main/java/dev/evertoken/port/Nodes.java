package dev.evertoken.port;

import io.vertx.core.Future;

/** The nodes that live now, by their heartbeats; the limits of the cluster are divided by them. */
public interface Nodes {

  /** The id of this node. */
  String id();

  /** How many nodes live, this one included: at least one; as last known while storage is down. */
  int live();

  /** Completes once the nodes that lived before this one count it too. */
  Future<Void> known();
}
