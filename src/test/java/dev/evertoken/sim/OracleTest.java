package dev.evertoken.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.sim.Simulation.Outcome;
import dev.evertoken.sim.TinyEngine.Broken;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OracleTest {

  @Test
  void hasNothingAgainstAnEngineThatWorksWhereNothingGoesWrong() {
    LongStream.range(0, 30)
        .mapToObj(seed -> run(seed, Broken.NOTHING))
        .forEach(
            outcome -> {
              assertThat(outcome.wrong()).as("seed " + outcome.seed()).isEmpty();
              assertThat(outcome.answers()).isPositive();
              assertThat(outcome.exchanges()).isPositive();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "NO_CLAIM, two exchanges of one account at a time",
    "NO_COMMIT, presented twice without reason",
    "SERVES_EXPIRED, an expired token was answered",
    "NEVER_ANSWERS, unanswered after"
  })
  void accusesAnEngineOfWhatItBreaks(Broken broken, String accusation) {
    assertThat(LongStream.range(0, 30).mapToObj(seed -> run(seed, broken).wrong().toString()))
        .anyMatch(wrong -> wrong.contains(accusation));
  }

  @Test
  void repeatsARunByItsSeed() {
    Outcome once = run(7, Broken.NO_COMMIT);
    Outcome again = run(7, Broken.NO_COMMIT);

    assertThat(again).isEqualTo(once);
  }

  private static Outcome run(long seed, Broken broken) {
    return Simulation.calm(seed, ports -> new TinyEngine(ports, broken)).run();
  }
}
