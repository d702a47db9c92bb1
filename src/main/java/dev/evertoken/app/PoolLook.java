package dev.evertoken.app;

import dev.evertoken.app.PoolLot.Shelf;
import dev.evertoken.app.PoolSelection.Choice;
import dev.evertoken.app.PoolSelection.Wanted;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Candidate.Standing;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One look at a pool for the best account. It looks at candidates and at those that the request
 * rules out by id, and at no others.
 */
final class PoolLook {

  /** So many neighbours on the ring compete for a session: enough to share evenly. */
  static final int NEIGHBOURS = 64;

  private static final Set<Standing> LAST = EnumSet.of(Standing.LAST_RESORT);

  private enum Order {
    BY_ID,
    ON_RING;

    NavigableMap<PoolPlace, PoolMember> of(Shelf shelf) {
      return switch (this) {
        case BY_ID -> shelf.byId();
        case ON_RING -> shelf.ring();
      };
    }

    PoolPlace of(PoolMember member) {
      return switch (this) {
        case BY_ID -> member.place();
        case ON_RING -> member.spot();
      };
    }
  }

  private final PoolIndex index;
  private final Wanted wanted;
  private final Set<Long> tried;
  private final boolean mayWait;
  private final long turn;
  private final List<PoolLot> lots;
  private final List<PoolMember> alone;

  PoolLook(PoolIndex index, Wanted wanted, Set<Long> tried, boolean mayWait, long turn) {
    this.index = index;
    this.wanted = wanted;
    this.tried = tried;
    this.mayWait = mayWait;
    this.turn = turn;
    this.lots = index.lots().stream().filter(lot -> wanted.allows(lot.key())).toList();
    this.alone = wanted.alone(index).toList();
  }

  Optional<Choice> best() {
    String session = wanted.options().session();
    Set<Standing> healthy =
        mayWait ? EnumSet.of(Standing.READY, Standing.MUST_REFRESH) : EnumSet.of(Standing.READY);
    OptionalInt group = nextGroup(healthy, Integer.MIN_VALUE);
    while (group.isPresent()) {
      int priority = group.getAsInt();
      PoolMember found =
          session == null
              ? inTurn(healthy, priority)
              : forSession(healthy, priority, HashRing.point(session));
      if (found != null) {
        return Optional.of(choice(found));
      }
      group = groupAfter(healthy, priority);
    }
    return lastResort(session);
  }

  private @Nullable PoolMember inTurn(Set<Standing> healthy, int priority) {
    for (Standing standing : healthy) {
      PoolMember found = first(EnumSet.of(standing), Order.BY_ID, afterTurn(priority));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private PoolPlace afterTurn(int priority) {
    return PoolPlace.after(priority, wanted.rotates() ? turn : 0);
  }

  private Optional<Choice> lastResort(@Nullable String session) {
    OptionalInt group = nextGroup(LAST, Integer.MIN_VALUE);
    while (group.isPresent()) {
      int priority = group.getAsInt();
      PoolMember found =
          session == null
              ? first(LAST, Order.BY_ID, afterTurn(priority))
              : first(LAST, Order.ON_RING, PoolPlace.after(priority, HashRing.point(session)));
      if (found != null) {
        return Optional.of(choice(found));
      }
      group = groupAfter(LAST, priority);
    }
    return Optional.empty();
  }

  /**
   * Of the first neighbours the one that pulls most; where none of them is healthy, of those that
   * begin with the next healthy one. The neighbours are counted whether healthy or not, so that an
   * account that goes out moves its own sessions only.
   */
  private @Nullable PoolMember forSession(Set<Standing> healthy, int priority, long point) {
    PoolPlace start = PoolPlace.after(priority, point);
    List<PoolMember> neighbours = neighbours(start);
    PoolMember home = strongest(healthy, neighbours, point);
    if (home != null || neighbours.size() < NEIGHBOURS) {
      return home;
    }
    PoolMember next = first(healthy, Order.ON_RING, neighbours.getLast().spot());
    if (next == null) {
      return null;
    }
    PoolPlace spot = next.spot();
    return strongest(
        healthy, neighbours(new PoolPlace(priority, spot.key(), spot.id() - 1)), point);
  }

  private List<PoolMember> neighbours(PoolPlace after) {
    return round(index.ring(), after).limit(NEIGHBOURS).toList();
  }

  private @Nullable PoolMember strongest(
      Set<Standing> healthy, List<PoolMember> neighbours, long point) {
    PoolMember home = null;
    long strongest = 0;
    for (PoolMember member : neighbours) {
      if (free(member) && wanted.allows(member.candidate()) && healthy.contains(standing(member))) {
        long pull = HashRing.pull(point, member.id());
        if (home == null || pull > strongest) {
          home = member;
          strongest = pull;
        }
      }
    }
    return home;
  }

  private OptionalInt groupAfter(Set<Standing> standings, int priority) {
    return priority == Integer.MAX_VALUE ? OptionalInt.empty() : nextGroup(standings, priority + 1);
  }

  /** The best priority from that one on that has members which stand like that. */
  private OptionalInt nextGroup(Set<Standing> standings, int from) {
    PoolPlace begin = PoolPlace.begin(from);
    Stream<Integer> ofLots =
        shelves(standings)
            .map(shelf -> shelf.byId().ceilingKey(begin))
            .flatMap(Stream::ofNullable)
            .map(PoolPlace::priority);
    Stream<Integer> ofOthers =
        alone.stream()
            .filter(member -> standings.contains(standing(member)))
            .map(member -> member.place().priority())
            .filter(priority -> priority >= from);
    return Stream.concat(ofLots, ofOthers).mapToInt(Integer::intValue).min();
  }

  /** The first of the priority after that place and round to it that was not ruled out. */
  private @Nullable PoolMember first(Set<Standing> standings, Order order, PoolPlace after) {
    List<PoolMember> firsts = new ArrayList<>();
    shelves(standings)
        .forEach(
            shelf ->
                round(order.of(shelf), after)
                    .filter(this::free)
                    .findFirst()
                    .ifPresent(firsts::add));
    alone.stream()
        .filter(m -> m.place().priority() == after.priority())
        .filter(m -> standings.contains(standing(m)) && free(m))
        .forEach(firsts::add);
    PoolMember best = null;
    for (PoolMember member : firsts) {
      if (best == null || comesBefore(order.of(member), order.of(best), after)) {
        best = member;
      }
    }
    return best;
  }

  private static boolean comesBefore(PoolPlace a, PoolPlace b, PoolPlace start) {
    boolean aAhead = a.compareTo(start) > 0;
    boolean bAhead = b.compareTo(start) > 0;
    return aAhead == bAhead ? a.compareTo(b) < 0 : aAhead;
  }

  private Stream<Shelf> shelves(Set<Standing> standings) {
    boolean benched = wanted.options().includeBenched();
    return lots.stream()
        .flatMap(
            lot ->
                lot
                    .standing(r -> standings.contains(r.on(lot.closed() != null)), benched)
                    .stream());
  }

  private static Stream<PoolMember> round(
      NavigableMap<PoolPlace, PoolMember> map, PoolPlace after) {
    PoolPlace begin = PoolPlace.begin(after.priority());
    PoolPlace end = PoolPlace.end(after.priority());
    return Stream.concat(
        map.subMap(after, false, end, true).values().stream(),
        map.subMap(begin, true, after, true).values().stream());
  }

  private boolean free(PoolMember member) {
    index.touch();
    return !tried.contains(member.id()) && !wanted.options().exclude().contains(member.id());
  }

  private Choice choice(PoolMember member) {
    return new Choice(member.candidate(), standing(member));
  }

  private Standing standing(PoolMember member) {
    Candidate candidate = member.candidate();
    return candidate.standing(
        index.now(), index.closed().of(candidate.route()), wanted.options().includeBenched());
  }
}
