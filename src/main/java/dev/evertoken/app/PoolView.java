package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Platforms;
import dev.evertoken.port.ChangeFeed;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The members of the pools that were asked for, in memory: loaded when a pool is first used, kept
 * by every change that this node makes or hears of.
 */
final class PoolView {

  private static final int PAGE = 1000;

  /** The place of a member in its pool: by priority, then id. */
  record Place(int priority, long id) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::priority).thenComparingLong(Place::id);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** One pool. */
  static final class Members {
    private final ConcurrentSkipListMap<Place, Candidate> inOrder = new ConcurrentSkipListMap<>();
    private final Map<Long, Place> places = new ConcurrentHashMap<>();

    Iterable<Candidate> inOrder() {
      return inOrder.values();
    }

    synchronized void put(Candidate candidate) {
      Place old = places.get(candidate.id());
      Candidate known = old == null ? null : inOrder.get(old);
      if (known != null && known.revision() > candidate.revision()) {
        return;
      }
      remove(candidate.id());
      Place place = new Place(candidate.priority(), candidate.id());
      places.put(candidate.id(), place);
      inOrder.put(place, candidate);
    }

    synchronized void remove(long id) {
      Place old = places.remove(id);
      if (old != null) {
        inOrder.remove(old);
      }
    }
  }

  private final ChangeFeed feed;
  private final Platforms platforms;
  private final Time time;
  private final ConcurrentHashMap<String, Members> pools = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Future<Members>> loads = new ConcurrentHashMap<>();

  PoolView(ChangeFeed feed, Platforms platforms, Time time, Announcements announcements) {
    this.feed = feed;
    this.platforms = platforms;
    this.time = time;
    announcements.watch(this::changed, this::deleted);
  }

  /**
   * The members of a platform's pool or a named one; fails when they cannot be read the first time.
   */
  Future<Members> members(String pool) {
    Future<Members> known = loads.get(pool);
    if (known != null) {
      return known;
    }
    Members members = pools.computeIfAbsent(pool, name -> new Members());
    Future<Members> load = load(pool, members, 0).map(members);
    loads.put(pool, load);
    load.onFailure(failure -> loads.remove(pool, load));
    load.onSuccess(loaded -> forgetIfUnknown(pool, loaded));
    return load;
  }

  private Future<Void> load(String pool, Members members, long after) {
    return feed.members(pool, PAGE, after)
        .compose(
            page -> {
              page.forEach(account -> members.put(candidate(account)));
              return page.size() < PAGE
                  ? Future.succeededFuture()
                  : load(pool, members, page.get(page.size() - 1).id());
            });
  }

  /** A name that is no pool of anybody must not stay in memory for asking. */
  private void forgetIfUnknown(String pool, Members members) {
    if (members.places.isEmpty() && platforms.find(pool).isEmpty()) {
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
            members.remove(row.id());
          }
        });
  }

  private void deleted(long id) {
    pools.values().forEach(members -> members.remove(id));
  }

  private Candidate candidate(Account account) {
    return Candidate.of(account, platforms.find(account.platform()).orElse(null), time.instant());
  }
}
