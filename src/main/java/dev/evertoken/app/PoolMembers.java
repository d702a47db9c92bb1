package dev.evertoken.app;

import dev.evertoken.domain.Candidate;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of one pool as its selection walks them: by priority and id, and on a hash ring.
 * Safe for any thread; a walk sees each change at once or not at all.
 */
final class PoolMembers {

  /** The place of a member in its pool: by priority, then by that key, then id. */
  private record Place(int priority, long key, long id) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::priority)
            .thenComparingLong(Place::key)
            .thenComparingLong(Place::id);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<Long, Candidate> byId = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Place, Candidate> inOrder = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<Place, Candidate> ring = new ConcurrentSkipListMap<>();
  private final AtomicLong turn = new AtomicLong();

  /** What changed while the pool was being loaded: the pages may be older. Null: it is loaded. */
  private @Nullable Set<Long> changedMeanwhile = new HashSet<>();

  boolean isEmpty() {
    return byId.isEmpty();
  }

  boolean has(long id) {
    return byId.containsKey(id);
  }

  /** By priority, then id. */
  Iterable<Candidate> all() {
    return inOrder.values();
  }

  /** The best priority there is. */
  OptionalInt firstPriority() {
    return priority(inOrder.firstEntry());
  }

  /** The best priority after that one. */
  OptionalInt priorityAfter(int priority) {
    return priority(inOrder.higherEntry(new Place(priority, Long.MAX_VALUE, Long.MAX_VALUE)));
  }

  private static OptionalInt priority(Map.@Nullable Entry<Place, Candidate> entry) {
    return entry == null ? OptionalInt.empty() : OptionalInt.of(entry.getKey().priority());
  }

  /** Those of the priority by id, beginning after that one and coming round to it. */
  Iterator<Candidate> byId(int priority, long after) {
    return round(inOrder, priority, after);
  }

  /** Those of the priority as they stand on the ring, beginning at that point and coming round. */
  Iterator<Candidate> onRing(int priority, long point) {
    return round(ring, priority, point);
  }

  /** Who was picked last in turn. */
  long turn() {
    return turn.get();
  }

  /** Whose turn it was; false: somebody else was faster. */
  boolean took(long before, long id) {
    return turn.compareAndSet(before, id);
  }

  /** Takes in a change of a member. */
  synchronized void put(Candidate candidate) {
    noteChange(candidate.id());
    replace(candidate);
  }

  /** Takes in a page of the pool as it was a moment ago. */
  synchronized void load(List<Candidate> page) {
    Set<Long> newer = changedMeanwhile;
    for (Candidate candidate : page) {
      if (newer == null || !newer.contains(candidate.id())) {
        replace(candidate);
      }
    }
  }

  synchronized void loaded() {
    changedMeanwhile = null;
  }

  /** It is no member any more, as of that revision. */
  synchronized void remove(long id, long revision) {
    noteChange(id);
    Candidate known = byId.get(id);
    if (known != null && known.revision() <= revision) {
      take(known);
    }
  }

  private void noteChange(long id) {
    if (changedMeanwhile != null) {
      changedMeanwhile.add(id);
    }
  }

  private void replace(Candidate candidate) {
    Candidate known = byId.get(candidate.id());
    if (known != null && known.revision() > candidate.revision()) {
      return;
    }
    if (known != null && known.priority() != candidate.priority()) {
      take(known);
    }
    byId.put(candidate.id(), candidate);
    inOrder.put(place(candidate), candidate);
    ring.put(spot(candidate), candidate);
  }

  private void take(Candidate known) {
    byId.remove(known.id());
    inOrder.remove(place(known));
    ring.remove(spot(known));
  }

  private static Iterator<Candidate> round(
      ConcurrentSkipListMap<Place, Candidate> map, int priority, long after) {
    Place begin = new Place(priority, Long.MIN_VALUE, Long.MIN_VALUE);
    Place middle = new Place(priority, after, Long.MAX_VALUE);
    Place end = new Place(priority, Long.MAX_VALUE, Long.MAX_VALUE);
    return Stream.concat(
            map.subMap(middle, false, end, true).values().stream(),
            map.subMap(begin, true, middle, true).values().stream())
        .iterator();
  }

  private static Place place(Candidate candidate) {
    return new Place(candidate.priority(), candidate.id(), candidate.id());
  }

  private static Place spot(Candidate candidate) {
    return new Place(candidate.priority(), HashRing.point(candidate.id()), candidate.id());
  }
}
