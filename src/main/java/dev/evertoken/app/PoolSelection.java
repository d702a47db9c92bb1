package dev.evertoken.app;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Candidate.Standing;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.port.Time;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Picks an account of a pool: by priority; within it those with a token to serve before those that
 * must refresh; then by id, or for a session by its place on a hash ring. Accounts that only have
 * the token they hold come last.
 */
final class PoolSelection {

  /** Whom to pick for. */
  record Wanted(Caller caller, TokenOptions options) {

    boolean allows(Candidate candidate) {
      return !options.exclude().contains(candidate.id())
          && (options.platform() == null || options.platform().equals(candidate.platform()))
          && sees(caller, candidate);
    }
  }

  /** The pick; {@code others}: more could be picked after it. */
  record Choice(Candidate candidate, Standing standing, boolean others) {}

  private final Routes routes;
  private final Platforms platforms;
  private final Time time;

  PoolSelection(Routes routes, Platforms platforms, Time time) {
    this.routes = routes;
    this.platforms = platforms;
    this.time = time;
  }

  /** The best account that was not tried yet. */
  Optional<Choice> choose(
      PoolView.Members members, Wanted wanted, Set<Long> tried, boolean mayWait) {
    Instant now = time.instant();
    Candidate best = null;
    Standing bestStanding = Standing.OUT;
    int usable = 0;
    for (Candidate candidate : members.inOrder()) {
      if (tried.contains(candidate.id()) || !wanted.allows(candidate)) {
        continue;
      }
      if (best != null
          && candidate.priority() > best.priority()
          && settled(bestStanding)
          && usable > 1) {
        break;
      }
      Standing standing = standing(candidate, wanted, now);
      if (standing == Standing.OUT || (standing == Standing.MUST_REFRESH && !mayWait)) {
        continue;
      }
      usable++;
      if (best == null || better(candidate, standing, best, bestStanding, wanted)) {
        best = candidate;
        bestStanding = standing;
      }
      if (bestStanding == Standing.READY && usable > 1 && wanted.options().session() == null) {
        break;
      }
    }
    return best == null
        ? Optional.empty()
        : Optional.of(new Choice(best, bestStanding, usable > 1));
  }

  boolean anyLeft(PoolView.Members members, Wanted wanted, Set<Long> tried) {
    return choose(members, wanted, tried, true).isPresent();
  }

  /**
   * Whether the pool is there for the caller: it has members that the caller sees, or is its
   * platform's.
   */
  boolean visible(PoolView.Members members, Caller caller, String pool) {
    if (!caller.limited()) {
      return members.inOrder().iterator().hasNext() || platforms.find(pool).isPresent();
    }
    if (caller.pools().contains(pool)) {
      return true;
    }
    for (Candidate candidate : members.inOrder()) {
      if (sees(caller, candidate)) {
        return true;
      }
    }
    return false;
  }

  /** Every account is out: how many are in which state, and when the first is back. */
  Problem exhausted(String pool, PoolView.Members members, Wanted wanted) {
    Instant now = time.instant();
    Map<String, Integer> counts = new HashMap<>();
    Instant earliest = null;
    for (Candidate candidate : members.inOrder()) {
      if (!wanted.allows(candidate)) {
        continue;
      }
      Suspension suspended = routes.suspended(candidate.route());
      counts.merge(candidate.state(now, suspended), 1, Integer::sum);
      Instant back = candidate.recovery(now, suspended).orElse(null);
      if (back != null && (earliest == null || back.isBefore(earliest))) {
        earliest = back;
      }
    }
    Problem problem =
        Problem.of(
                ProblemCode.POOL_EXHAUSTED,
                counts.isEmpty()
                    ? "The pool has no account to pick from."
                    : "Every account of the pool is out.")
            .withCounts(counts);
    Problem named = platforms.find(pool).isPresent() ? problem.withPlatform(pool) : problem;
    return earliest == null ? named : named.until(earliest, now);
  }

  private Standing standing(Candidate candidate, Wanted wanted, Instant now) {
    return candidate.standing(
        now, routes.suspended(candidate.route()), wanted.options().includeBenched());
  }

  private static boolean better(
      Candidate candidate,
      Standing standing,
      Candidate best,
      Standing bestStanding,
      Wanted wanted) {
    boolean last = standing == Standing.LAST_RESORT;
    boolean bestLast = bestStanding == Standing.LAST_RESORT;
    if (last != bestLast) {
      return bestLast;
    }
    if (candidate.priority() != best.priority()) {
      return candidate.priority() < best.priority();
    }
    String session = wanted.options().session();
    if (session != null) {
      return ring(session, candidate.id()) > ring(session, best.id());
    }
    return standing != bestStanding && standing == Standing.READY;
  }

  /** Of a standing that no account of a lower priority can beat. */
  private static boolean settled(Standing standing) {
    return standing == Standing.READY || standing == Standing.MUST_REFRESH;
  }

  /** Rendezvous hashing: the account with the highest value has the session. */
  private static long ring(String session, long account) {
    long hash = account * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < session.length(); i++) {
      hash = (hash ^ session.charAt(i)) * 0x100000001B3L;
    }
    hash ^= hash >>> 32;
    return hash * 0xD6E8FEB86659FD93L;
  }

  private static boolean sees(Caller caller, Candidate candidate) {
    return !caller.limited()
        || caller.accounts().contains(candidate.id())
        || caller.pools().stream().anyMatch(candidate::inPool);
  }
}
