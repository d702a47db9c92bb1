package dev.evertoken.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three nodes refresh strictly rotating accounts under random faults; the provider's ledger is the
 * oracle. The seed is printed; {@code -Dchaos.seed} repeats a run's faults.
 */
final class ChaosTest {

  private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  @DisplayName("86 a short run under random faults loses and spends no refresh token twice")
  void shortRun() {
    run(150, 5, Duration.ofSeconds(30), 16);
  }

  @Test
  @Tag("chaos-long")
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  @DisplayName("86 a long run under random faults loses and spends no refresh token twice")
  void longRun() {
    run(Integer.getInteger("rotations", 10_000), 20, Duration.ofHours(2), 60);
  }

  private static void run(int rotations, int strikes, Duration patience, int accounts) {
    ChaosRun.Verdict verdict =
        ChaosRun.of(new ChaosRun.Plan(SEED, rotations, strikes, patience, accounts, null));

    assertThat(verdict.wrong()).isEmpty();
    assertThat(verdict.report().getInteger("rotations")).isGreaterThanOrEqualTo(rotations);
    assertThat(verdict.report().getInteger("token_answers_checked")).isPositive();
  }
}
