package dev.evertoken.app;

import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Suspension;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many members of a pool are in which state, and when the first is back: added up from what its
 * lots know, for the members that a request may be answered with.
 */
final class PoolTally {

  private final Instant now;
  private final Map<String, Integer> counts = new HashMap<>();
  private @Nullable Instant earliest;

  private PoolTally(Instant now) {
    this.now = now;
  }

  static PoolTally of(PoolIndex index, PoolSelection.Wanted wanted) {
    PoolTally tally = new PoolTally(index.now());
    List<PoolMember> leftOut =
        wanted.options().exclude().stream()
            .map(index::get)
            .filter(Objects::nonNull)
            .peek(member -> index.touch())
            .toList();
    index.lots().stream()
        .filter(lot -> wanted.allows(lot.key()))
        .forEach(lot -> tally.add(lot, leftOut.stream().filter(index.in(lot)).toList()));
    wanted
        .alone(index)
        .filter(member -> !wanted.options().exclude().contains(member.id()))
        .forEach(member -> tally.add(member.candidate(), index));
    tally.counts.values().removeIf(count -> count == 0);
    return tally;
  }

  private void add(PoolLot lot, List<PoolMember> leftOut) {
    lot.states().forEach((state, count) -> counts.merge(state, count, Integer::sum));
    leftOut.forEach(
        member -> counts.merge(member.candidate().state(now, lot.closed()), -1, Integer::sum));
    add(lot.back(now, leftOut));
  }

  private void add(Candidate candidate, PoolIndex index) {
    index.touch();
    Suspension closed = index.closed().of(candidate.route());
    counts.merge(candidate.state(now, closed), 1, Integer::sum);
    add(candidate.recovery(now, closed).orElse(null));
  }

  private void add(@Nullable Instant back) {
    if (back != null && (earliest == null || back.isBefore(earliest))) {
      earliest = back;
    }
  }

  Problem problem() {
    Problem problem =
        Problem.of(
                ProblemCode.POOL_EXHAUSTED,
                counts.isEmpty()
                    ? "The pool has no account to pick from."
                    : "Every account of the pool is out.")
            .withCounts(counts);
    Instant back = earliest;
    return back == null ? problem : problem.until(back, now);
  }
}
