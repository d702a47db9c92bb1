package dev.evertoken.sim;

import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenRequest;
import io.vertx.core.Future;

/** The use cases of one process, as much as a simulation needs of them. */
interface SimEngine {

  /** Replays the escrow, and begins the background work. */
  Future<Void> start();

  Future<TokenAnswer> token(TokenRequest request);

  /** What it still holds though nothing runs, such as an entry of a registry; empty: nothing. */
  String leftovers();

  /** Makes one from its ports. */
  interface Maker {
    SimEngine of(SimPorts ports);
  }
}
