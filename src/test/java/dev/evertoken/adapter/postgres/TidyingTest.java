package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.port.Tidying;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TidyingTest {

  private final StoreRig rig = new StoreRig();
  private final Tidying tidying = rig.stores.tidying();

  @AfterEach
  void close() {
    rig.close();
  }

  private long count(String table) {
    return Long.parseLong(rig.value("select count(*)::text from " + table).orElseThrow());
  }

  @Test
  void removesWhatIsOverAndNothingElse() {
    rig.sql(
        """
        insert into idempotency_keys (actor, key, request_hash, account_id, created_at)
        values ('me', 'old', 'h', 1, now() - interval '25 hours'),
          ('me', 'young', 'h', 2, now() - interval '23 hours')
        """);
    rig.sql(
        """
        insert into suspensions (kind, platform, reason, since, probe_at)
        values ('throttled', 'over', '429', now(), now() - interval '2 hours'),
          ('throttled', 'lasts', '429', now(), now() + interval '1 minute'),
          ('route', 'to be probed', 'down', now(), now() - interval '2 hours')
        """);

    assertThat(get(tidying.tidy(Duration.ofMinutes(5))))
        .contains(Map.of("idempotency_keys", 1, "throttles", 1));

    assertThat(count("idempotency_keys where key = 'young'")).isOne();
    assertThat(count("suspensions")).isEqualTo(2);
  }

  @Test
  void isOneNodesTurn() {
    Tidying other = rig.node("node-2", DatabaseLimits.of(2)).tidying();

    assertThat(get(tidying.tidy(Duration.ofMinutes(5)))).contains(Map.of());
    assertThat(get(other.tidy(Duration.ofMinutes(5)))).isEmpty();
    assertThat(get(other.tidy(Duration.ZERO))).contains(Map.of());
  }
}
