package dev.evertoken.http;

import java.util.List;

/** Whether this node takes requests, and what it has to do without. */
public interface Readiness {

  /** Where a node is in its life, as callers should see it. */
  enum Phase {
    STARTING,
    SERVING,
    DRAINING
  }

  /** Draining begins a little before requests are refused, so that balancers can notice. */
  Phase phase();

  /** The names of what is down, such as {@code redis}; empty when all is well. */
  List<String> missing();
}
