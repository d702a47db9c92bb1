package dev.evertoken.domain;

import java.util.OptionalInt;

/**
 * How a pool is picked from; who is in it, the accounts say.
 *
 * @param maxSwitches how often one request moves on to another account; empty: as the node's
 *     settings say
 * @param revision orders its changes; {@link #UNSTORED} where nobody has set anything
 */
public record Pool(String name, PoolStrategy strategy, OptionalInt maxSwitches, long revision) {

  public static final long UNSTORED = 1;

  /** A pool of which nobody has said anything. */
  public static Pool usual(String name) {
    return new Pool(name, PoolStrategy.PRIORITY, OptionalInt.empty(), UNSTORED);
  }
}
