package dev.evertoken.app;

import dev.evertoken.app.PoolSelection.Choice;
import dev.evertoken.app.PoolSelection.Wanted;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Candidate.Standing;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.WireName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The selection of a pool said as plainly as can be: it walks all members each time. What {@link
 * PoolLook} and {@link PoolTally} answer is compared with it.
 */
record WholePoolWalk(
    Collection<Candidate> members, List<Suspension> closed, Wanted wanted, Instant now) {

  /** What is told when all are out. */
  record Tally(Map<String, Integer> counts, @Nullable Instant earliest) {}

  Optional<Choice> best(Set<Long> tried, boolean mayWait, long turn) {
    List<Integer> priorities =
        members.stream().map(Candidate::priority).distinct().sorted().toList();
    for (int priority : priorities) {
      Optional<Choice> found = healthy(inOrder(priority, turn), tried, mayWait);
      if (found.isPresent()) {
        return found;
      }
    }
    return priorities.stream()
        .flatMap(priority -> inOrder(priority, turn).stream())
        .map(this::choice)
        .filter(choice -> free(choice, tried) && choice.standing() == Standing.LAST_RESORT)
        .findFirst();
  }

  private Optional<Choice> healthy(List<Candidate> order, Set<Long> tried, boolean mayWait) {
    List<Choice> healthy =
        order.stream()
            .map(this::choice)
            .filter(choice -> free(choice, tried))
            .filter(
                choice ->
                    choice.standing() == Standing.READY
                        || (mayWait && choice.standing() == Standing.MUST_REFRESH))
            .toList();
    String session = wanted.options().session();
    return session == null
        ? healthy.stream().min(Comparator.comparing(Choice::standing))
        : forSession(order, healthy, HashRing.point(session));
  }

  private static Optional<Choice> forSession(
      List<Candidate> ring, List<Choice> healthy, long point) {
    if (healthy.isEmpty()) {
      return Optional.empty();
    }
    Optional<Choice> home = strongest(ring, healthy, point);
    return home.isPresent() || ring.size() <= PoolLook.NEIGHBOURS
        ? home
        : strongest(from(ring, healthy.getFirst().candidate()), healthy, point);
  }

  private static Optional<Choice> strongest(
      List<Candidate> ring, List<Choice> healthy, long point) {
    List<Candidate> near = ring.subList(0, Math.min(PoolLook.NEIGHBOURS, ring.size()));
    return healthy.stream()
        .filter(choice -> near.contains(choice.candidate()))
        .max(Comparator.comparingLong(choice -> HashRing.pull(point, choice.candidate().id())));
  }

  private static List<Candidate> from(List<Candidate> ring, Candidate first) {
    int at = ring.indexOf(first);
    List<Candidate> turned = new ArrayList<>(ring.subList(at, ring.size()));
    turned.addAll(ring.subList(0, at));
    return turned;
  }

  private List<Candidate> inOrder(int priority, long turn) {
    String session = wanted.options().session();
    Comparator<Candidate> order =
        session == null
            ? Comparator.comparingLong(Candidate::id)
            : Comparator.comparingLong((Candidate c) -> HashRing.point(c.id()))
                .thenComparingLong(Candidate::id);
    List<Candidate> sorted =
        members.stream().filter(c -> c.priority() == priority).sorted(order).toList();
    long after = session != null ? HashRing.point(session) : wanted.rotates() ? turn : 0;
    return sorted.stream()
        .filter(c -> key(c) > after)
        .findFirst()
        .map(first -> from(sorted, first))
        .orElse(sorted);
  }

  private long key(Candidate candidate) {
    return wanted.options().session() == null ? candidate.id() : HashRing.point(candidate.id());
  }

  Tally tally() {
    Map<String, Integer> counts = new HashMap<>();
    Instant earliest = null;
    for (Candidate candidate : members) {
      if (allows(candidate)) {
        counts.merge(state(candidate), 1, Integer::sum);
        Instant back = recovery(candidate);
        if (back != null && (earliest == null || back.isBefore(earliest))) {
          earliest = back;
        }
      }
    }
    return new Tally(counts, earliest);
  }

  boolean visible() {
    return !wanted.caller().limited()
        || wanted.caller().pools().contains(wanted.pool().name())
        || members.stream().anyMatch(this::sees);
  }

  private boolean free(Choice choice, Set<Long> tried) {
    return !tried.contains(choice.candidate().id()) && allows(choice.candidate());
  }

  private boolean allows(Candidate candidate) {
    return !wanted.options().exclude().contains(candidate.id())
        && (wanted.options().platform() == null
            || wanted.options().platform().equals(candidate.platform()))
        && sees(candidate);
  }

  private boolean sees(Candidate candidate) {
    return !wanted.caller().limited()
        || wanted.caller().pools().contains(wanted.pool().name())
        || wanted.caller().accounts().contains(candidate.id())
        || wanted.caller().pools().stream().anyMatch(candidate::inPool);
  }

  private Choice choice(Candidate candidate) {
    return new Choice(candidate, standing(candidate, wanted.options().includeBenched()));
  }

  private Standing standing(Candidate c, boolean includeBenched) {
    if (c.status() == AccountStatus.DISABLED
        || c.paused()
        || (before(c.benchedUntil()) && !includeBenched)) {
      return Standing.OUT;
    }
    boolean staticKey = Instant.MAX.equals(c.restsUntil());
    boolean rests = before(c.restsUntil()) && !staticKey;
    boolean stuck =
        c.status() == AccountStatus.ERROR || rests || (suspended(c) != null && !staticKey);
    if (stuck) {
      return before(c.validUntil()) ? Standing.LAST_RESORT : Standing.OUT;
    }
    if (before(c.freshUntil())) {
      return Standing.READY;
    }
    return staticKey ? Standing.OUT : Standing.MUST_REFRESH;
  }

  private String state(Candidate c) {
    if (c.status() != AccountStatus.ACTIVE) {
      return WireName.of(c.status());
    }
    if (c.paused()) {
      return "paused";
    }
    if (before(c.benchedUntil()) || (before(c.restsUntil()) && !before(c.validUntil()))) {
      return "benched";
    }
    return switch (standing(c, false)) {
      case READY, MUST_REFRESH, LAST_RESORT -> "usable";
      case OUT -> suspended(c) == null ? "benched" : "suspended";
    };
  }

  private @Nullable Instant recovery(Candidate c) {
    if (c.status() != AccountStatus.ACTIVE || c.paused()) {
      return null;
    }
    if (Instant.MAX.equals(c.restsUntil())) {
      return before(c.benchedUntil()) ? c.benchedUntil() : null;
    }
    Suspension suspended = suspended(c);
    if (suspended != null && !suspended.passes()) {
      return null;
    }
    Instant back = now;
    for (Instant end :
        new Instant[] {
          c.benchedUntil(), c.restsUntil(), suspended == null ? null : suspended.probeAt()
        }) {
      back = end != null && end.isAfter(back) ? end : back;
    }
    return back.equals(now) ? null : back;
  }

  private boolean before(@Nullable Instant end) {
    return end != null && now.isBefore(end);
  }

  private @Nullable Suspension suspended(Candidate candidate) {
    return closed.stream()
        .filter(suspension -> suspension.covers(candidate.route()))
        .max(Comparator.comparingInt(WholePoolWalk::width).thenComparing(Suspension::probeAt))
        .orElse(null);
  }

  private static int width(Suspension suspension) {
    return switch (suspension.kind()) {
      case PROXY_DISABLED, PROXY_MISSING -> 3;
      case PLATFORM, THROTTLED, PROVIDER_CONFIG -> 2;
      case PROXY -> 1;
      case ROUTE, UNREADABLE, ROUTE_THROTTLED -> 0;
    };
  }
}
