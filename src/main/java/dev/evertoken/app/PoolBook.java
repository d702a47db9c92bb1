package dev.evertoken.app;

import dev.evertoken.domain.Pool;
import dev.evertoken.port.PoolStore;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How each pool is picked from, in memory: no request waits for the store. Kept by notice, and read
 * again every few seconds.
 */
public final class PoolBook {

  private final PoolStore store;
  private final int usualSwitches;
  private volatile Map<String, Pool> known = Map.of();

  /**
   * An empty book.
   *
   * @param usualSwitches how often a request moves on where the pool says nothing
   */
  PoolBook(PoolStore store, int usualSwitches) {
    this.store = store;
    this.usualSwitches = usualSwitches;
  }

  /** The pool as it was set, or as a pool of which nothing is stored. */
  public Pool of(String name) {
    Pool stored = known.get(name);
    return stored == null ? Pool.usual(name) : stored;
  }

  int maxSwitches(Pool pool) {
    return pool.maxSwitches().orElse(usualSwitches);
  }

  /** Whether anybody has set anything for it. */
  boolean stored(String name) {
    return known.containsKey(name);
  }

  Set<String> names() {
    return known.keySet();
  }

  /** Reads again what is stored. */
  Future<Void> reconcile() {
    Map<String, Pool> before = known;
    return store.all().onSuccess(read -> replace(read, before)).mapEmpty();
  }

  /** What the store has, unless it was learned or forgotten while the store was being read. */
  private synchronized void replace(List<Pool> read, Map<String, Pool> before) {
    Map<String, Pool> after = new HashMap<>();
    for (Pool pool : read) {
      boolean forgotten = before.containsKey(pool.name()) && !known.containsKey(pool.name());
      if (!forgotten) {
        after.put(pool.name(), pool);
      }
    }
    known.forEach(
        (name, pool) -> {
          if (!pool.equals(before.get(name))) {
            after.merge(name, pool, PoolBook::later);
          }
        });
    known = Map.copyOf(after);
  }

  /** The settings of a pool were deleted. */
  synchronized void forget(String name) {
    Map<String, Pool> after = new HashMap<>(known);
    after.remove(name);
    known = Map.copyOf(after);
  }

  /** Takes in what was just read or written; an older revision changes nothing. */
  synchronized void learn(List<Pool> pools) {
    Map<String, Pool> after = new HashMap<>(known);
    for (Pool pool : pools) {
      after.merge(pool.name(), pool, PoolBook::later);
    }
    known = Map.copyOf(after);
  }

  private static Pool later(Pool old, Pool fresh) {
    return fresh.revision() < old.revision() ? old : fresh;
  }
}
