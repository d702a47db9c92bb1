package dev.evertoken.adapter.redis;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes that Redis did not take, remembered by their revisions alone: what it holds of older
 * ones is buried when it is back, and read anew from PostgreSQL. Bounded; safe for any thread.
 */
final class MissedWrites {

  private static final Logger LOG = LoggerFactory.getLogger(MissedWrites.class);
  private static final int MOST = 100_000;
  private static final int AT_ONCE = 500;

  /**
   * Everything of the account up to the revision is stale.
   *
   * @param bare whether that is marked also where Redis has nothing, since something older may be
   *     on its way there
   */
  private record Stale(long account, long revision, boolean bare) {

    Stale and(Stale other) {
      return new Stale(account, Math.max(revision, other.revision), bare || other.bare);
    }
  }

  private final String installation;
  private final Map<Long, Stale> missed = new LinkedHashMap<>();

  MissedWrites(String installation) {
    this.installation = installation;
  }

  /** An account of that revision was to be written. */
  void written(long account, long revision) {
    remember(new Stale(account, revision - 1, false));
  }

  /** Everything up to that revision was to be removed. */
  void removed(long account, long revision) {
    remember(new Stale(account, revision, true));
  }

  synchronized boolean none() {
    return missed.isEmpty();
  }

  /** Completes when nothing is left to repeat. */
  Future<Void> repeat(RedisCommands redis) {
    List<Stale> some = some();
    if (some.isEmpty()) {
      return Future.succeededFuture();
    }
    return Future.join(some.stream().map(stale -> bury(redis, stale)).toList())
        .compose(done -> repeat(redis));
  }

  private Future<Void> bury(RedisCommands redis, Stale stale) {
    CacheEntry entry = new CacheEntry(installation, stale.account());
    var buried =
        stale.bare()
            ? entry.bury(redis, stale.revision())
            : entry.buryHeld(redis, stale.revision());
    return buried
        .recover(failure -> redis.send(entry.delete()))
        .onSuccess(done -> forget(stale))
        .mapEmpty();
  }

  private synchronized void remember(Stale stale) {
    missed.merge(stale.account(), stale, Stale::and);
    if (missed.size() > MOST) {
      Long eldest = missed.keySet().iterator().next();
      missed.remove(eldest);
      LOG.atError().addKeyValue("account", eldest).log("cache may stay stale until its expiry");
    }
  }

  private synchronized void forget(Stale stale) {
    missed.remove(stale.account(), stale);
  }

  private synchronized List<Stale> some() {
    List<Stale> some = new ArrayList<>();
    for (Stale stale : missed.values()) {
      if (some.size() == AT_ONCE) {
        break;
      }
      some.add(stale);
    }
    return some;
  }
}
