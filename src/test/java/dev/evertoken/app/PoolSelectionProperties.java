package dev.evertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.app.PoolSelection.Choice;
import dev.evertoken.app.PoolSelection.Wanted;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The selection answers as if it walked all members, whatever happened to them before. */
final class PoolSelectionProperties {

  private static final int STEPS = 120;

  /** A pool through a life of changes. */
  private static final class Life implements Time {
    private final RandomPool chance;
    private final Map<Long, Candidate> rows = new HashMap<>();
    private final List<Suspension> suspended = new ArrayList<>();
    private final PoolMembers members = new PoolMembers(this);
    private final PoolSelection selection =
        new PoolSelection(this::closed, new Platforms(Map.of()), this);
    private List<Suspension> seen = List.of();
    private ClosedRoutes closed = ClosedRoutes.NONE;
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    Life(long seed) {
      chance = new RandomPool(seed);
      for (int i = 0; i < chance.ids(); i++) {
        put();
      }
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public long nanos() {
      return 0;
    }

    private ClosedRoutes closed() {
      List<Suspension> current = closing();
      if (!current.equals(seen)) {
        seen = current;
        closed = new ClosedRoutes(current);
      }
      return closed;
    }

    private List<Suspension> closing() {
      return suspended.stream().filter(this::closes).toList();
    }

    private boolean closes(Suspension suspension) {
      return switch (suspension.kind()) {
        case ROUTE_THROTTLED, THROTTLED -> now.isBefore(suspension.probeAt());
        case PROXY, ROUTE, UNREADABLE, PLATFORM, PROVIDER_CONFIG, PROXY_DISABLED, PROXY_MISSING ->
            true;
      };
    }

    private void put() {
      Candidate candidate = chance.candidate(now);
      rows.put(candidate.id(), candidate);
      members.put(candidate);
    }

    private void step() {
      switch (chance.below(9)) {
        case 0, 1 -> put();
        case 2 -> remove(chance.id());
        case 3 -> now = now.plusSeconds(chance.below(20));
        case 4 -> suspended.add(chance.suspension(now));
        case 5 -> suspended.removeIf(suspension -> chance.below(2) == 0);
        case 6 -> shrink();
        default -> look(chance.wanted());
      }
    }

    private void shrink() {
      if (chance.below(10) == 0) {
        List.copyOf(rows.keySet()).stream().filter(id -> id % 5 != 0).forEach(this::remove);
      } else if (chance.below(30) == 0) {
        now = now.minusSeconds(30);
      }
    }

    private void remove(long id) {
      rows.remove(id);
      members.remove(id, Long.MAX_VALUE);
    }

    private void look(Wanted wanted) {
      WholePoolWalk walk = new WholePoolWalk(rows.values(), closing(), wanted, now);
      Set<Long> tried = chance.some();
      boolean mayWait = chance.below(3) > 0;
      long turn = members.turn();

      Optional<Choice> expected = walk.best(tried, mayWait, turn);
      assertThat(selection.anyLeft(members, wanted, tried, mayWait))
          .isEqualTo(expected.isPresent());
      assertThat(selection.choose(members, wanted, tried, mayWait)).isEqualTo(expected);
      if (wanted.rotates() && expected.isPresent()) {
        assertThat(members.turn()).isEqualTo(expected.get().candidate().id());
      }
      assertThat(selection.visible(members, wanted, true)).isEqualTo(walk.visible());
      Problem told = selection.exhausted(members, wanted);
      assertThat(told.counts()).isEqualTo(walk.tally().counts());
      assertThat(told.until()).isEqualTo(walk.tally().earliest());
    }
  }

  @Property(tries = 100)
  void answersAsAWalkThroughAllMembersWould(@ForAll long seed) {
    Life life = new Life(seed);
    for (int i = 0; i < STEPS; i++) {
      life.step();
    }
  }
}
