package dev.evertoken.app;

import dev.evertoken.app.route.UpstreamHealth;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Candidate.Standing;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Pool;
import dev.evertoken.domain.PoolStrategy;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.port.Time;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Picks an account of a pool: by priority; within it those with a token to serve before those that
 * must refresh; then as the pool's strategy says, or for a session by the hash ring. Accounts that
 * only have the token they hold come last.
 */
final class PoolSelection {

  /** So many neighbours on the ring compete for a session: enough to share evenly. */
  private static final int NEIGHBOURS = 64;

  private static final int MOST_TURNS = 8;

  /** Whom to pick for, out of which pool. */
  record Wanted(Pool pool, Caller caller, TokenOptions options) {

    boolean allows(Candidate candidate) {
      return !options.exclude().contains(candidate.id())
          && (options.platform() == null || options.platform().equals(candidate.platform()))
          && sees(candidate);
    }

    private boolean rotates() {
      return pool.strategy() == PoolStrategy.ROUND_ROBIN && options.session() == null;
    }

    private boolean sees(Candidate candidate) {
      return !caller.limited()
          || caller.pools().contains(pool.name())
          || caller.accounts().contains(candidate.id())
          || caller.pools().stream().anyMatch(candidate::inPool);
    }
  }

  /** The pick, and what it can be used for. */
  record Choice(Candidate candidate, Standing standing) {}

  private final UpstreamHealth routes;
  private final Platforms platforms;
  private final Time time;

  PoolSelection(UpstreamHealth routes, Platforms platforms, Time time) {
    this.routes = routes;
    this.platforms = platforms;
    this.time = time;
  }

  /** One look at the pool. */
  private final class Look {
    private final PoolMembers members;
    private final Wanted wanted;
    private final Set<Long> tried;
    private final boolean mayWait;
    private final long turn;
    private final Instant now = time.instant();
    private @Nullable Choice lastResort;

    Look(PoolMembers members, Wanted wanted, Set<Long> tried, boolean mayWait, long turn) {
      this.members = members;
      this.wanted = wanted;
      this.tried = tried;
      this.mayWait = mayWait;
      this.turn = turn;
    }

    Optional<Choice> best() {
      String session = wanted.options().session();
      OptionalInt priority = members.firstPriority();
      while (priority.isPresent()) {
        int group = priority.getAsInt();
        Choice found = session == null ? inTurn(group) : forSession(group, HashRing.point(session));
        if (found != null) {
          return Optional.of(found);
        }
        priority = members.priorityAfter(group);
      }
      return Optional.ofNullable(lastResort);
    }

    private @Nullable Choice inTurn(int priority) {
      Iterator<Candidate> walk = members.byId(priority, wanted.rotates() ? turn : 0);
      Choice first = null;
      while (walk.hasNext()) {
        Choice choice = healthy(walk.next());
        if (choice != null && choice.standing() == Standing.READY) {
          return choice;
        }
        first = first == null ? choice : first;
      }
      return first;
    }

    /** Of the first neighbours that have a healthy one among them, the one that pulls most. */
    private @Nullable Choice forSession(int priority, long point) {
      Iterator<Candidate> walk = members.onRing(priority, point);
      Choice home = null;
      long strongest = 0;
      for (int seen = 1; walk.hasNext(); seen++) {
        Choice choice = healthy(walk.next());
        if (choice != null) {
          long pull = HashRing.pull(point, choice.candidate().id());
          if (home == null || pull > strongest) {
            home = choice;
            strongest = pull;
          }
        }
        if (home != null && seen % NEIGHBOURS == 0) {
          return home;
        }
      }
      return home;
    }

    /** The candidate where it can be picked before the last resorts, else null. */
    private @Nullable Choice healthy(Candidate candidate) {
      if (tried.contains(candidate.id()) || !wanted.allows(candidate)) {
        return null;
      }
      Standing standing =
          candidate.standing(
              now, routes.closed(candidate.route()), wanted.options().includeBenched());
      return switch (standing) {
        case READY -> new Choice(candidate, standing);
        case MUST_REFRESH -> mayWait ? new Choice(candidate, standing) : null;
        case LAST_RESORT -> {
          lastResort = lastResort == null ? new Choice(candidate, standing) : lastResort;
          yield null;
        }
        case OUT -> null;
      };
    }
  }

  /** The best account that was not tried yet; where the pool rotates, its turn is over then. */
  Optional<Choice> choose(PoolMembers members, Wanted wanted, Set<Long> tried, boolean mayWait) {
    for (int i = 0; ; i++) {
      long turn = members.turn();
      Optional<Choice> best = new Look(members, wanted, tried, mayWait, turn).best();
      boolean inTurn = best.isPresent() && wanted.rotates() && i < MOST_TURNS;
      if (!inTurn || members.took(turn, best.get().candidate().id())) {
        return best;
      }
    }
  }

  /** Whether one could be picked that was not tried yet. */
  boolean anyLeft(PoolMembers members, Wanted wanted, Set<Long> tried, boolean mayWait) {
    return new Look(members, wanted, tried, mayWait, members.turn()).best().isPresent();
  }

  /** Whether the pool is there for the caller: it is its own, or has members that it sees. */
  boolean visible(PoolMembers members, Wanted wanted, boolean known) {
    Caller caller = wanted.caller();
    String pool = wanted.pool().name();
    if (!caller.limited()) {
      return known || !members.isEmpty() || platforms.find(pool).isPresent();
    }
    if (caller.pools().contains(pool)) {
      return true;
    }
    if (caller.accounts().stream().anyMatch(members::has)) {
      return true;
    }
    if (!caller.pools().isEmpty()) {
      for (Candidate candidate : members.all()) {
        if (wanted.sees(candidate)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Every account is out: how many are in which state, and when the first is back. */
  Problem exhausted(PoolMembers members, Wanted wanted) {
    Instant now = time.instant();
    Map<String, Integer> counts = new HashMap<>();
    Instant earliest = null;
    for (Candidate candidate : members.all()) {
      if (!wanted.allows(candidate)) {
        continue;
      }
      Suspension closed = routes.closed(candidate.route());
      counts.merge(candidate.state(now, closed), 1, Integer::sum);
      Instant back = candidate.recovery(now, closed).orElse(null);
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
    String pool = wanted.pool().name();
    Problem named = platforms.find(pool).isPresent() ? problem.withPlatform(pool) : problem;
    return earliest == null ? named : named.until(earliest, now);
  }
}
