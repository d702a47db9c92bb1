package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Platforms;
import dev.evertoken.port.ChangeFeed;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The members of the pools that were asked for, in memory: loaded when a pool is first used, kept
 * by every change that this node makes or hears of.
 */
final class PoolView {

  private static final int PAGE = 1000;

  private final ChangeFeed feed;
  private final Platforms platforms;
  private final Time time;
  private final ConcurrentHashMap<String, PoolMembers> pools = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Future<PoolMembers>> loads = new ConcurrentHashMap<>();

  PoolView(ChangeFeed feed, Platforms platforms, Time time, Announcements announcements) {
    this.feed = feed;
    this.platforms = platforms;
    this.time = time;
    announcements.watch(this::changed, this::deleted);
  }

  /**
   * The members of a platform's pool or a named one; fails when they cannot be read the first time.
   */
  Future<PoolMembers> members(String pool) {
    Future<PoolMembers> known = loads.get(pool);
    if (known != null) {
      return known;
    }
    PoolMembers members = pools.computeIfAbsent(pool, name -> new PoolMembers(time));
    Future<PoolMembers> load =
        load(pool, members, 0).onSuccess(done -> members.loaded()).map(members);
    loads.put(pool, load);
    load.onFailure(failure -> loads.remove(pool, load));
    load.onSuccess(loaded -> forgetIfUnknown(pool, loaded));
    return load;
  }

  /** As much of the pool as has been read. */
  PoolMembers soFar(String pool) {
    PoolMembers members = pools.get(pool);
    return members == null ? new PoolMembers(time) : members;
  }

  private Future<Void> load(String pool, PoolMembers members, long after) {
    return feed.members(pool, PAGE, after)
        .compose(
            page -> {
              members.load(page.stream().map(this::candidate).toList());
              return page.size() < PAGE
                  ? Future.succeededFuture()
                  : load(pool, members, page.get(page.size() - 1).id());
            });
  }

  /** A name that is no pool of anybody must not stay in memory for asking. */
  private void forgetIfUnknown(String pool, PoolMembers members) {
    if (members.isEmpty() && platforms.find(pool).isEmpty()) {
      loads.remove(pool);
      pools.remove(pool);
    }
  }

  private void changed(Account row) {
    Candidate candidate = candidate(row);
    pools.forEach(
        (pool, members) -> {
          if (row.inPool(pool)) {
            members.put(candidate);
          } else {
            members.remove(row.id(), row.revision());
            forgetIfEmptied(pool, members);
          }
        });
  }

  private void deleted(long id) {
    pools.forEach(
        (pool, members) -> {
          members.remove(id, Long.MAX_VALUE);
          forgetIfEmptied(pool, members);
        });
  }

  /** While a pool is still being read, its last known member may not be its only one. */
  private void forgetIfEmptied(String pool, PoolMembers members) {
    Future<PoolMembers> load = loads.get(pool);
    if (load != null && load.succeeded()) {
      forgetIfUnknown(pool, members);
    }
  }

  private Candidate candidate(Account account) {
    return Candidate.of(account, platforms.find(account.platform()).orElse(null), time.instant());
  }
}
