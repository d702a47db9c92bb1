package dev.evertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.app.PoolSelection.Wanted;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Pool;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.port.Time;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many members a request looks at; it must not depend on how many there are. */
final class PoolCostTest {

  private static final int MANY = 50_000;
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(600);
  private static final Instant PAST = NOW.minusSeconds(600);

  /** Why a whole pool is out, or nearly. */
  enum Outage {
    ALL_BENCHED,
    ALL_IN_ERROR,
    ALL_PAUSED,
    ROUTE_SUSPENDED,
    PLATFORM_SUSPENDED,
    PLATFORM_SUSPENDED_AND_A_PROXY_FOR_EACH,
    TOKENS_LEFT_ON_A_SUSPENDED_ROUTE,
    LAST_ONE_READY,
    A_PRIORITY_FOR_EACH;

    Candidate candidate(long id, int count) {
      boolean paused = this == ALL_PAUSED || (this == LAST_ONE_READY && id < count);
      boolean ready = this == TOKENS_LEFT_ON_A_SUSPENDED_ROUTE || this == LAST_ONE_READY;
      boolean benched = this == ALL_BENCHED || this == A_PRIORITY_FOR_EACH;
      boolean proxy = this == PLATFORM_SUSPENDED_AND_A_PROXY_FOR_EACH;
      return new Candidate(
          id,
          "acme",
          List.of("large"),
          new Route("acme", proxy ? (Long) id : null),
          this == A_PRIORITY_FOR_EACH ? (int) id : 0,
          this == ALL_IN_ERROR ? AccountStatus.ERROR : AccountStatus.ACTIVE,
          paused,
          ready ? LATER : PAST,
          ready ? LATER : PAST,
          benched ? LATER : null,
          null,
          1);
    }

    @Nullable Suspension suspension() {
      return switch (this) {
        case ROUTE_SUSPENDED, TOKENS_LEFT_ON_A_SUSPENDED_ROUTE -> of(Suspension.Kind.ROUTE);
        case PLATFORM_SUSPENDED, PLATFORM_SUSPENDED_AND_A_PROXY_FOR_EACH ->
            of(Suspension.Kind.PLATFORM);
        case ALL_BENCHED, ALL_IN_ERROR, ALL_PAUSED, LAST_ONE_READY, A_PRIORITY_FOR_EACH -> null;
      };
    }

    private static Suspension of(Suspension.Kind kind) {
      return new Suspension(kind, "acme", null, "down", NOW, LATER);
    }
  }

  private static final class Frozen implements Time {
    @Override
    public Instant instant() {
      return NOW;
    }

    @Override
    public long nanos() {
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOutOfManyCostsWhatAnOutOfTenCosts(Outage outage) {
    assertThat(costs(outage, MANY, null))
        .as("members looked at")
        .isLessThanOrEqualTo(costs(outage, 10, null) + 3);
  }

  @ParameterizedTest
  @EnumSource
  void aSessionLooksAtItsNeighboursOnly(Outage outage) {
    assertThat(costs(outage, MANY, "session"))
        .as("members looked at")
        .isLessThanOrEqualTo(2 * 2 * PoolLook.NEIGHBOURS + 3);
  }

  /** Two picks, of which the second leaves one out, and the answer that all are out. */
  private static long costs(Outage outage, int count, @Nullable String session) {
    PoolMembers members = new PoolMembers(new Frozen());
    for (long id = 1; id <= count; id++) {
      members.put(outage.candidate(id, count));
    }
    members.loaded();
    Suspension suspension = outage.suspension();
    ClosedRoutes closed = new ClosedRoutes(suspension == null ? List.of() : List.of(suspension));
    PoolSelection selection =
        new PoolSelection(() -> closed, new Platforms(Map.of()), new Frozen());
    Wanted wanted =
        new Wanted(
            Pool.usual("large"),
            Caller.trusted("test"),
            new TokenOptions(null, null, null, null, false, Set.of(), session));
    long before = touched(members, closed);

    selection.choose(members, wanted, Set.of(), true);
    selection.choose(members, wanted, Set.of(1L), true);
    selection.exhausted(members, wanted);

    return touched(members, closed) - before;
  }

  private static long touched(PoolMembers members, ClosedRoutes closed) {
    return members.look(NOW, closed, PoolIndex::touched);
  }
}
