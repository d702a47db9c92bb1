package dev.evertoken.app;

import dev.evertoken.domain.Readiness;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Members of a pool that are open or closed together and seen by the same callers, sorted by how
 * they stand. Closing the lot moves none of them.
 */
final class PoolLot {

  /**
   * What the members of a lot share.
   *
   * @param keys whether they hold static keys, which no suspension concerns
   * @param apart the one route of all of them; null: any open route of the platform
   */
  record Key(String platform, List<String> pools, boolean keys, @Nullable Route apart) {

    boolean inPool(String pool) {
      return platform.equals(pool) || pools.contains(pool);
    }
  }

  /** Members that stand alike, by id and on the ring. */
  record Shelf(NavigableMap<PoolPlace, PoolMember> byId, NavigableMap<PoolPlace, PoolMember> ring) {

    Shelf() {
      this(new TreeMap<>(), new TreeMap<>());
    }
  }

  private record Back(Instant at, long id) implements Comparable<Back> {
    @Override
    public int compareTo(Back other) {
      int order = at.compareTo(other.at);
      return order == 0 ? Long.compare(id, other.id) : order;
    }
  }

  private final Key key;
  private final Map<Readiness, Shelf> shelves = new EnumMap<>(Readiness.class);
  private final Map<Readiness, Shelf> benched = new EnumMap<>(Readiness.class);
  private final TreeMap<Back, PoolMember> backs = new TreeMap<>();
  private final Map<String, Integer> states = new HashMap<>();
  private int members;
  private int free;
  private @Nullable Suspension closed;

  PoolLot(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  boolean isEmpty() {
    return members == 0;
  }

  /** Why its members cannot refresh, or null. */
  @Nullable Suspension closed() {
    return closed;
  }

  void closeAs(ClosedRoutes routes) {
    Route route = key.apart();
    if (!key.keys()) {
      closed = route == null ? routes.ofPlatform(key.platform()) : routes.of(route);
    }
  }

  void add(PoolMember member) {
    members++;
    states.merge(member.state(), 1, Integer::sum);
    Instant back = member.back();
    if (back != null) {
      backs.put(new Back(back, member.id()), member);
    } else if (member.recovers()) {
      free++;
    }
    if (member.readiness() != Readiness.OUT) {
      Shelf shelf = shelvesOf(member).computeIfAbsent(member.readiness(), r -> new Shelf());
      shelf.byId().put(member.place(), member);
      shelf.ring().put(member.spot(), member);
    }
  }

  void remove(PoolMember member) {
    members--;
    states.computeIfPresent(member.state(), (state, count) -> count == 1 ? null : count - 1);
    Instant back = member.back();
    if (back != null) {
      backs.remove(new Back(back, member.id()));
    } else if (member.recovers()) {
      free--;
    }
    Shelf shelf = shelvesOf(member).get(member.readiness());
    if (shelf != null) {
      shelf.byId().remove(member.place());
      shelf.ring().remove(member.spot());
    }
  }

  private Map<Readiness, Shelf> shelvesOf(PoolMember member) {
    return member.benched() ? benched : shelves;
  }

  /** The shelves whose members stand like that now. */
  List<Shelf> standing(Predicate<Readiness> wanted, boolean includeBenched) {
    List<Shelf> found = new ArrayList<>(4);
    pick(shelves, wanted, found);
    if (includeBenched) {
      pick(benched, wanted, found);
    }
    return found;
  }

  private static void pick(
      Map<Readiness, Shelf> from, Predicate<Readiness> wanted, List<Shelf> found) {
    from.forEach(
        (readiness, shelf) -> {
          if (!shelf.byId().isEmpty() && wanted.test(readiness)) {
            found.add(shelf);
          }
        });
  }

  /** How many members are in which state. */
  Map<String, Integer> states() {
    Map<String, Integer> now = new HashMap<>(states);
    Shelf waiting = shelves.get(Readiness.EXPIRED);
    if (closed != null && waiting != null && !waiting.byId().isEmpty()) {
      int suspended = waiting.byId().size();
      now.merge("usable", -suspended, Integer::sum);
      now.put("suspended", suspended);
    }
    return now;
  }

  /**
   * When the first of its members that are not left out is back, or null.
   *
   * @param leftOut some of its members
   */
  @Nullable Instant back(Instant now, List<PoolMember> leftOut) {
    if (closed != null && !closed.passes()) {
      return null;
    }
    Instant first = firstBack(leftOut);
    if (closed == null || !closed.probeAt().isAfter(now)) {
      return first;
    }
    long freeLeftOut = leftOut.stream().filter(m -> m.recovers() && m.back() == null).count();
    boolean probeHelps = free > freeLeftOut || (first != null && first.isBefore(closed.probeAt()));
    return probeHelps ? closed.probeAt() : first;
  }

  private @Nullable Instant firstBack(List<PoolMember> leftOut) {
    for (Map.Entry<Back, PoolMember> entry : backs.entrySet()) {
      if (leftOut.stream().noneMatch(out -> out.id() == entry.getKey().id())) {
        return entry.getKey().at();
      }
    }
    return null;
  }
}
