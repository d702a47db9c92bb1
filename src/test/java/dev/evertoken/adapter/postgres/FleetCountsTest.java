package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.PLATFORM;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.FleetCounts.Counts;
import dev.evertoken.port.FleetCounts.OfPlatform;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FleetCountsTest {

  private final StoreRig rig = new StoreRig();

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void countsEachLiveAccountOnceByItsGravestState() {
    rig.create("usable");
    rig.create("late");
    bench(rig.create("limited").id(), BenchCause.RATE_LIMITED);
    bench(rig.create("served all the same").id(), BenchCause.REFRESH_FAILED);
    rig.create("paused");
    rig.create("failed");
    rig.create("gone");
    rig.sql("update accounts set paused = true where name in ('paused', 'failed')");
    rig.sql("update accounts set status = 'error' where name = 'failed'");
    rig.sql("update accounts set deleted_at = now() where name = 'gone'");
    rig.sql("update accounts set pools = '{blue}' where name in ('usable', 'paused')");
    rig.sql("update accounts set pools = '{red}' where name = 'limited'");
    rig.sql(
        "update accounts set refresh_due_at = '2020-01-01Z', expires_at = '2020-01-02Z'"
            + " where name in ('late', 'failed', 'gone')");
    rig.sql("update accounts set refresh_due_at = '2019-01-01Z' where name = 'failed'");

    rig.sql("update accounts set refresh_expires_at = now() + '3d' where name = 'paused'");
    rig.sql(
        "update accounts set refresh_expires_at = now() + '300d', refresh_idle_at = now() + '3h'"
            + " where name = 'late'");
    rig.sql("update accounts set refresh_expires_at = now() + '8d' where name = 'failed'");
    rig.sql("update accounts set refresh_expires_at = now() where name = 'gone'");
    rig.create("cut off");
    rig.sql("update accounts set expires_at = null, proxy_id = 9 where name = 'cut off'");
    rig.sql("update accounts set proxy_id = 9 where name = 'usable'");
    rig.sql("insert into suspensions values ('proxy', null, 9, 'down', now(), now(), null)");

    Counts counts = get(rig.stores.fleet().counts());

    assertThat(counts.platforms())
        .containsExactly(
            new OfPlatform(
                PLATFORM,
                Map.of("usable", 3L, "benched", 1L, "suspended", 1L, "paused", 1L, "error", 1L),
                Instant.parse("2020-01-01T00:00:00Z"),
                Instant.parse("2020-01-02T00:00:00Z"),
                Map.of("1d", 1L, "7d", 2L)));
    assertThat(counts.usableByPool())
        .containsExactlyInAnyOrderEntriesOf(Map.of(PLATFORM, 3L, "blue", 1L, "red", 0L));
  }

  private void bench(long account, BenchCause cause) {
    Instant now = Instant.now();
    Bench bench = new Bench(cause, now.plusSeconds(60), "why", now, Trigger.REPORT, null);
    assertThat(get(rig.stores.benches().set(account, bench, now))).isPresent();
  }
}
