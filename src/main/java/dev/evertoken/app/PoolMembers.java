package dev.evertoken.app;

import dev.evertoken.domain.Candidate;
import dev.evertoken.port.Time;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of one pool as its selection looks at them. Safe for any thread; a look sees each
 * change at once or not at all.
 */
final class PoolMembers {

  private final Time time;
  private final PoolIndex index = new PoolIndex();
  private long turn;

  /** What changed while the pool was being loaded: the pages may be older. Null: it is loaded. */
  private @Nullable Set<Long> changedMeanwhile = new HashSet<>();

  PoolMembers(Time time) {
    this.time = time;
  }

  synchronized boolean isEmpty() {
    return index.isEmpty();
  }

  synchronized boolean has(long id) {
    return index.get(id) != null;
  }

  /** Looks at the members as they stand now; the look must be short and keep nothing. */
  synchronized <T> T look(Instant now, ClosedRoutes closed, Function<PoolIndex, T> look) {
    index.settle(now, closed);
    return look.apply(index);
  }

  /** Who was picked last in turn. */
  synchronized long turn() {
    return turn;
  }

  /** Whose turn it was. */
  synchronized void took(long id) {
    turn = id;
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
    PoolMember known = index.get(id);
    if (known != null && known.candidate().revision() <= revision) {
      index.remove(id);
    }
  }

  private void noteChange(long id) {
    if (changedMeanwhile != null) {
      changedMeanwhile.add(id);
    }
  }

  private void replace(Candidate candidate) {
    PoolMember known = index.get(candidate.id());
    if (known == null || known.candidate().revision() <= candidate.revision()) {
      index.put(candidate, time.instant());
    }
  }
}
