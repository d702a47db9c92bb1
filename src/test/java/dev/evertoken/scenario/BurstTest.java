package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BurstTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .with("refresh.scan_interval", "1s")
          .acme("limits", "{concurrency: 2, per_second: 10}");

  @Test
  @DisplayName("62 a start with 60 expired accounts sends at the configured rate, without a burst")
  void noBurst() {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ids.add(service.account(service.provider().newFamily()));
    }

    service.with("refresh.background", "true").start();
    Await.until("all are refreshed", () -> service.calls() == 60, Duration.ofSeconds(60));
    Await.until(
        "all are stored",
        () -> ids.stream().allMatch(id -> service.talk().account(id).getLong("generation") == 2),
        Duration.ofSeconds(30));

    assertThat(service.provider().ledger().maxPerSecond()).isLessThanOrEqualTo(11);
    assertThat(service.provider().ledger().maxInFlight()).isLessThanOrEqualTo(2);
    assertThat(service.calls()).isEqualTo(60);
  }
}
