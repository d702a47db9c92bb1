package dev.evertoken.app;

import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Pool;
import dev.evertoken.domain.PoolStrategy;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.port.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** A pool in memory whose accounts have one of a hundred priorities each, and a pick from it. */
public final class PoolPick {

  /** How is picked, and from whom. */
  public enum Kind {
    PRIORITY("one of a hundred out"),
    ROUND_ROBIN("`round_robin`"),
    SESSION("`session`"),
    HALF_OUT("the first half of every priority out");

    private final String told;

    Kind(String told) {
      this.told = told;
    }

    public String told() {
      return told;
    }
  }

  private static final int PRIORITIES = 100;
  private static final Caller ANYBODY = Caller.trusted("bench");
  private static final List<String> POOLS = List.of("large");

  private final Kind kind;
  private final Pool pool;
  private final PoolMembers members;
  private final PoolSelection selection;

  @SuppressWarnings("NullAway") // Of the ways upstream none is closed, so nobody is told or asked.
  public PoolPick(Kind kind, int accounts) {
    this.kind = kind;
    this.pool =
        new Pool(
            "large",
            kind == Kind.ROUND_ROBIN ? PoolStrategy.ROUND_ROBIN : PoolStrategy.PRIORITY,
            OptionalInt.empty(),
            1);
    Clock clock = new Clock();
    this.members = new PoolMembers(clock);
    UpstreamHealth open = new UpstreamHealth(null, null, null, null, clock);
    this.selection = new PoolSelection(open, new Platforms(Map.of()), clock);
    Route route = new Route("antigravity", null);
    Instant end = Instant.now().plus(Duration.ofHours(12));
    List<Candidate> page = new ArrayList<>();
    for (long id = 1; id <= accounts; id++) {
      boolean out = kind == Kind.HALF_OUT ? id <= accounts / 2 : id / PRIORITIES % 100 == 0;
      page.add(
          new Candidate(
              id,
              route.platform(),
              POOLS,
              route,
              (int) (id % PRIORITIES),
              AccountStatus.ACTIVE,
              out,
              end,
              end,
              null,
              null,
              1));
    }
    members.load(page);
    members.loaded();
  }

  /** Picks once; fails where nobody can be picked. */
  public long pick(int number) {
    TokenOptions options =
        new TokenOptions(
            null,
            null,
            null,
            null,
            false,
            Set.of(),
            kind == Kind.SESSION ? "session " + number : null);
    return selection
        .choose(members, new PoolSelection.Wanted(pool, ANYBODY, options), Set.of(), true)
        .orElseThrow()
        .candidate()
        .id();
  }

  private static final class Clock implements Time {
    @Override
    public Instant instant() {
      return Instant.now();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }
}
