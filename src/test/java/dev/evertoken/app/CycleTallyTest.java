package dev.evertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.metrics.NodeMetrics;
import dev.evertoken.app.refresh.RefreshOutcome;
import dev.evertoken.domain.AccountDraft;
import dev.evertoken.rig.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class CycleTallyTest {

  private final ManualTime time = new ManualTime();
  private final NodeMetrics metrics = new NodeMetrics();
  private final CycleTally tally =
      new CycleTally(LoggerFactory.getLogger(CycleTallyTest.class), metrics.metrics(), time);

  private List<String> lines() {
    return metrics.exposition().result().lines().toList();
  }

  private void refreshed() {
    tally.taken();
    tally.ended(new RefreshOutcome.Refreshed(AccountDraft.account().build()));
  }

  @Test
  void aCycleEndsWhenNothingIsInHandAndTakesAsLongAsItTook() {
    refreshed();
    tally.taken();
    tally.putOff();
    time.advance(Duration.ofSeconds(7));
    tally.over();
    tally.over();

    assertThat(lines())
        .contains(
            "evertoken_background_cycle_seconds_count 1",
            "evertoken_background_cycle_seconds_sum 7.0",
            "evertoken_background_taken_total 2.0",
            "evertoken_background_put_off_total 1.0");
  }

  @Test
  void aCycleThatHasNoEndIsToldEachMinute() {
    for (int second = 0; second < 180; second++) {
      refreshed();
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(lines())
        .contains(
            "evertoken_background_cycle_seconds_count 2", "evertoken_background_taken_total 122.0");
  }
}
