package dev.evertoken.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.Scratch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.AssertionFailedError;

/** The run under faults, on a service that was broken on purpose: it must notice. */
final class BreaksTest {

  @ParameterizedTest
  @EnumSource(Break.class)
  @DisplayName("each break still fits the code")
  void compiles(Break broken) {
    assertThat(broken.into(Scratch.folder("break"))).isNotEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Break.class)
  @Tag("chaos-breaks")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  @DisplayName("the run fails where")
  void isNoticed(Break broken) {
    System.out.println("broken: " + broken.name());
    long seed = Long.getLong("chaos.seed", System.nanoTime());

    List<String> wrong = run(plan(seed, broken.into(Scratch.folder("break"))));

    assertThat(wrong).isNotEmpty();
  }

  private static ChaosRun.Plan plan(long seed, Path classes) {
    return new ChaosRun.Plan(seed, 3000, 20, Duration.ofHours(1), 16, classes);
  }

  private static List<String> run(ChaosRun.Plan plan) {
    try {
      return ChaosRun.of(plan).wrong();
    } catch (AssertionFailedError noRecovery) {
      System.out.println(noRecovery.getMessage());
      return List.of(String.valueOf(noRecovery.getMessage()));
    }
  }
}
