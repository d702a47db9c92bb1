package dev.evertoken.app;

import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The members of a pool, filed by what can be got of them, so that no look walks through those that
 * are out. A member moves when it changes or its time has come. The routes with many members and
 * those that are closed have lots of their own; the others share one, so that neither many members
 * on one route nor many routes with one member each make a look long.
 */
final class PoolIndex {

  /** With more members a route has a lot of its own also while it is open. */
  private static final int LARGE = 64;

  /** A clock that is set back by this or more was wrong before: everything is filed anew. */
  private static final Duration SET_BACK = Duration.ofSeconds(1);

  private record Change(Instant at, long id) implements Comparable<Change> {
    @Override
    public int compareTo(Change other) {
      int order = at.compareTo(other.at);
      return order == 0 ? Long.compare(id, other.id) : order;
    }
  }

  private static final class Way {
    private final Set<Long> members = new HashSet<>();
    private boolean apart;
  }

  private final Map<Long, PoolMember> members = new HashMap<>();
  private final NavigableMap<PoolPlace, PoolMember> ring = new TreeMap<>();
  private final NavigableMap<Change, PoolMember> changes = new TreeMap<>();
  private final Map<String, Map<Route, Way>> ways = new HashMap<>();
  private final Map<PoolLot.Key, PoolLot> lots = new HashMap<>();
  private ClosedRoutes closed = ClosedRoutes.NONE;
  private Instant settledAt = Instant.MIN;
  private long touched;

  boolean isEmpty() {
    return members.isEmpty();
  }

  @Nullable PoolMember get(long id) {
    return members.get(id);
  }

  Collection<PoolLot> lots() {
    return lots.values();
  }

  /** All members as they stand on the hash ring. */
  NavigableMap<PoolPlace, PoolMember> ring() {
    return ring;
  }

  ClosedRoutes closed() {
    return closed;
  }

  /** Whether a member is in that lot. */
  Predicate<PoolMember> in(PoolLot lot) {
    return member -> lotOf(member).equals(lot.key());
  }

  /** The time that the members are filed by. */
  Instant now() {
    return settledAt;
  }

  /** A member was looked at: what a look costs. */
  void touch() {
    touched++;
  }

  long touched() {
    return touched;
  }

  void put(Candidate candidate, Instant now) {
    advance(now);
    remove(candidate.id());
    PoolMember member = PoolMember.of(candidate, settledAt);
    Way way = wayOf(candidate.route());
    way.members.add(member.id());
    ring.put(member.spot(), member);
    file(member);
    settle(candidate.route(), way);
  }

  void remove(long id) {
    PoolMember known = members.get(id);
    if (known == null) {
      return;
    }
    unfile(known);
    ring.remove(known.spot());
    Route route = known.candidate().route();
    Way way = wayOf(route);
    way.members.remove(id);
    settle(route, way);
    if (way.members.isEmpty()) {
      ways.computeIfPresent(route.platform(), (platform, all) -> without(route, all));
    }
  }

  private static @Nullable Map<Route, Way> without(Route route, Map<Route, Way> ways) {
    ways.remove(route);
    return ways.isEmpty() ? null : ways;
  }

  /** Brings the index to the present: what changed by time, and what was closed or opened. */
  void settle(Instant now, ClosedRoutes routes) {
    advance(now);
    if (routes != closed) {
      ClosedRoutes before = closed;
      closed = routes;
      lots.values().forEach(lot -> lot.closeAs(routes));
      settleWays(before);
      settleWays(routes);
    }
  }

  private void advance(Instant now) {
    if (now.isBefore(settledAt) && Duration.between(now, settledAt).compareTo(SET_BACK) >= 0) {
      List.copyOf(members.values()).forEach(member -> refile(member, now));
      settledAt = now;
    } else if (now.isAfter(settledAt)) {
      settledAt = now;
      while (!changes.isEmpty() && !changes.firstKey().at().isAfter(now)) {
        refile(changes.firstEntry().getValue(), now);
      }
    }
  }

  private void settleWays(ClosedRoutes named) {
    named.routes().forEach(this::settle);
    named
        .proxies()
        .forEach(proxy -> ways.keySet().forEach(platform -> settle(new Route(platform, proxy))));
  }

  private void settle(Route route) {
    Way way = ways.getOrDefault(route.platform(), Map.of()).get(route);
    if (way != null) {
      settle(route, way);
    }
  }

  private void settle(Route route, Way way) {
    boolean large = way.members.size() > (way.apart ? LARGE / 2 : LARGE);
    boolean apart = large || closed.closesItself(route);
    if (apart != way.apart) {
      List<PoolMember> moved = way.members.stream().map(members::get).toList();
      moved.forEach(this::unfile);
      way.apart = apart;
      moved.forEach(this::file);
    }
  }

  private void refile(PoolMember member, Instant now) {
    PoolMember again = member.at(now);
    unfile(member);
    ring.put(again.spot(), again);
    file(again);
  }

  private void file(PoolMember member) {
    touch();
    members.put(member.id(), member);
    lots.computeIfAbsent(lotOf(member), this::newLot).add(member);
    Instant change = member.changesAt();
    if (change != null) {
      changes.put(new Change(change, member.id()), member);
    }
  }

  private PoolLot newLot(PoolLot.Key key) {
    PoolLot lot = new PoolLot(key);
    lot.closeAs(closed);
    return lot;
  }

  private void unfile(PoolMember member) {
    members.remove(member.id());
    PoolLot lot = lots.get(lotOf(member));
    if (lot != null) {
      lot.remove(member);
      if (lot.isEmpty()) {
        lots.remove(lot.key());
      }
    }
    Instant change = member.changesAt();
    if (change != null) {
      changes.remove(new Change(change, member.id()));
    }
  }

  private PoolLot.Key lotOf(PoolMember member) {
    Candidate candidate = member.candidate();
    boolean keys = candidate.needsNoWay();
    boolean apart = !keys && wayOf(candidate.route()).apart;
    return new PoolLot.Key(
        candidate.platform(), candidate.pools(), keys, apart ? candidate.route() : null);
  }

  private Way wayOf(Route route) {
    return ways.computeIfAbsent(route.platform(), platform -> new HashMap<>())
        .computeIfAbsent(route, key -> new Way());
  }
}
