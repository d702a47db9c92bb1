package dev.evertoken.app;

import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Candidate.Standing;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Pool;
import dev.evertoken.domain.PoolStrategy;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.port.Time;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Picks an account of a pool: by priority; within it those with a token to serve before those that
 * must refresh; then as the pool's strategy says, or for a session by the hash ring. Accounts that
 * only have the token they hold come last. No answer depends on how many members are out.
 */
final class PoolSelection {

  /** Whom to pick for, out of which pool. */
  record Wanted(Pool pool, Caller caller, TokenOptions options) {

    /** Whether the request may be answered with the candidate, by all but its id. */
    boolean allows(Candidate candidate) {
      return ofPlatform(candidate.platform())
          && (seesAll()
              || caller.accounts().contains(candidate.id())
              || caller.pools().stream().anyMatch(candidate::inPool));
    }

    /** Whether that holds for all members of the lot. */
    boolean allows(PoolLot.Key lot) {
      return ofPlatform(lot.platform()) && sees(lot);
    }

    /** The members that the caller sees one by one, out of lots that it does not see. */
    Stream<PoolMember> alone(PoolIndex index) {
      return seesAll()
          ? Stream.empty()
          : caller.accounts().stream()
              .map(index::get)
              .filter(Objects::nonNull)
              .filter(member -> allows(member.candidate()))
              .filter(member -> caller.pools().stream().noneMatch(member.candidate()::inPool));
    }

    boolean sees(PoolLot.Key lot) {
      return seesAll() || caller.pools().stream().anyMatch(lot::inPool);
    }

    boolean rotates() {
      return pool.strategy() == PoolStrategy.ROUND_ROBIN && options.session() == null;
    }

    private boolean seesAll() {
      return !caller.limited() || caller.pools().contains(pool.name());
    }

    private boolean ofPlatform(String platform) {
      return options.platform() == null || options.platform().equals(platform);
    }
  }

  /** The pick, and what it can be used for. */
  record Choice(Candidate candidate, Standing standing) {}

  private final Supplier<ClosedRoutes> closed;
  private final Platforms platforms;
  private final Time time;

  PoolSelection(UpstreamHealth routes, Platforms platforms, Time time) {
    this(new ClosedNow(routes, time), platforms, time);
  }

  PoolSelection(Supplier<ClosedRoutes> closed, Platforms platforms, Time time) {
    this.closed = closed;
    this.platforms = platforms;
    this.time = time;
  }

  /** The best account that was not tried yet; where the pool rotates, its turn is over then. */
  Optional<Choice> choose(PoolMembers members, Wanted wanted, Set<Long> tried, boolean mayWait) {
    return members.look(
        time.instant(),
        closed.get(),
        index -> {
          Optional<Choice> best =
              new PoolLook(index, wanted, tried, mayWait, members.turn()).best();
          if (wanted.rotates()) {
            best.ifPresent(choice -> members.took(choice.candidate().id()));
          }
          return best;
        });
  }

  /** Whether one could be picked that was not tried yet. */
  boolean anyLeft(PoolMembers members, Wanted wanted, Set<Long> tried, boolean mayWait) {
    return look(
        members, index -> new PoolLook(index, wanted, tried, mayWait, 0).best().isPresent());
  }

  /** Whether the pool is there for the caller: it is its own, or has members that it sees. */
  boolean visible(PoolMembers members, Wanted wanted, boolean known) {
    Caller caller = wanted.caller();
    String pool = wanted.pool().name();
    if (!caller.limited()) {
      return known || !members.isEmpty() || platforms.find(pool).isPresent();
    }
    return caller.pools().contains(pool)
        || caller.accounts().stream().anyMatch(members::has)
        || look(members, index -> index.lots().stream().anyMatch(lot -> wanted.sees(lot.key())));
  }

  /** Every account is out: how many are in which state, and when the first is back. */
  Problem exhausted(PoolMembers members, Wanted wanted) {
    PoolTally tally = look(members, index -> PoolTally.of(index, wanted));
    String pool = wanted.pool().name();
    Problem problem = tally.problem();
    return platforms.find(pool).isPresent() ? problem.withPlatform(pool) : problem;
  }

  private <T> T look(PoolMembers members, Function<PoolIndex, T> look) {
    return members.look(time.instant(), closed.get(), look);
  }
}
