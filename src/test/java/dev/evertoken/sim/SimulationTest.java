package dev.evertoken.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.sim.Simulation.Outcome;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The core under faults, one seed a run. A seed that fails says so, and is repeated by {@code
 * -Dsim.seed=…}; {@code -Dsim.seeds=…} sets how many are tried (0: without end) and {@code
 * -Dsim.from=…} the first. {@code -Dsim.back=true} adds a PostgreSQL that loses its last commits.
 */
class SimulationTest {

  private static final long SEEDS = 10_000;

  @Test
  void noTokenIsSpentTwiceLostOrExpiredAndNobodyIsLeftUnanswered() {
    Long one = Long.getLong("sim.seed");
    long from = Long.getLong("sim.from", 0);
    long many = Long.getLong("sim.seeds", SEEDS);
    LongStream seeds =
        one != null
            ? LongStream.of(one)
            : many == 0
                ? LongStream.iterate(from, seed -> seed + 1)
                : LongStream.range(from, from + many);
    List<String> failed =
        seeds
            .parallel()
            .mapToObj(seed -> new Simulation(seed, CoreEngine::new).run())
            .filter(outcome -> !outcome.passed())
            .limit(Long.getLong("sim.most", 3))
            .map(SimulationTest::tell)
            .toList();

    assertThat(failed).isEmpty();
  }

  private static String tell(Outcome outcome) {
    return "\nseed %d, repeated by -Dsim.seed=%d:\n%s\nwhat was done:\n%s\n"
        .formatted(
            outcome.seed(),
            outcome.seed(),
            String.join("\n", outcome.wrong()),
            String.join("\n", outcome.trace()));
  }
}
