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
  private final Tidying tidying = rig.stores.tidying(Duration.ofDays(90));

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
          ('route_throttled', 'over', '429', now(), now() - interval '2 hours'),
          ('route', 'to be probed', 'down', now(), now() - interval '2 hours')
        """);
    rig.sql(
        """
        insert into ways (platform, updated_at)
        values ('left', now() - interval '31 days'), ('used', now() - interval '29 days')
        """);
    rig.sql(
        """
        insert into clients (platform, digest, updated_at)
        values ('left', 'd', now() - interval '31 days'), ('used', 'd', now() - interval '29 days')
        """);

    assertThat(get(tidying.tidy(Duration.ofMinutes(5))))
        .contains(Map.of("idempotency_keys", 1, "throttles", 2, "ways", 1, "clients", 1));

    assertThat(count("idempotency_keys where key = 'young'")).isOne();
    assertThat(count("suspensions")).isEqualTo(2);
    assertThat(count("ways where platform = 'used'")).isOne();
    assertThat(count("clients where platform = 'used'")).isOne();
  }

  private void fillAudit() {
    int old = 2 * PostgresTidying.PORTION + 7;
    rig.sql(
        """
        insert into audit (event, at, actor, action, facts)
        select gen_random_uuid(), now() - case when i <= %1$d then interval '91 days'
          else interval '89 days' end - i * interval '1 ms', 'key:1', 'x', '{}'
        from generate_series(1, %1$d + 5000) i
        """
            .formatted(old));
    rig.sql(
        """
        insert into token_reads (minute, actor, account_id, reads)
        select now() - case when i <= 3 then interval '91 days' else interval '89 days' end, 'key:1', i, 1
        from generate_series(1, 5) i
        """);
  }

  @Test
  void removesTheAuditOnceItIsOlderThanItIsKept() {
    fillAudit();

    assertThat(get(rig.stores.tidying(Duration.ZERO).tidy(Duration.ZERO)))
        .as("zero keeps it for good")
        .contains(Map.of());
    assertThat(get(tidying.tidy(Duration.ZERO)))
        .contains(Map.of("audit", 2 * PostgresTidying.PORTION + 7, "token_reads", 3));

    assertThat(count("audit")).isEqualTo(5000);
    assertThat(count("audit where at < now() - interval '90 days'")).isZero();
    assertThat(count("token_reads")).isEqualTo(2);
  }

  @Test
  void findsTheOldAuditByIndex() {
    fillAudit();
    get(tidying.tidy(Duration.ZERO));
    rig.sql("vacuum analyze audit");

    assertThat(
            Plan.rowsRead(
                rig,
                "audit",
                PostgresTidying.AUDIT.replace("$1", "5000").replace("$2", "7776000000")))
        .isZero();
  }

  @Test
  void isOneNodesTurn() {
    Tidying other = rig.node("node-2", DatabaseLimits.of(2)).tidying(Duration.ZERO);

    assertThat(get(tidying.tidy(Duration.ofMinutes(5)))).contains(Map.of());
    assertThat(get(other.tidy(Duration.ofMinutes(5)))).isEmpty();
    assertThat(get(other.tidy(Duration.ZERO))).contains(Map.of());
  }

  /** However many came and went since the last turn, no statement takes for long. */
  @Test
  void putsManySumsTogetherInPortions() {
    int many = 3 * PostgresTidying.SUMS + 7;
    rig.sql(
        """
        insert into pool_sizes (platform, pool, n)
        select 'gemini', 'pool-' || i %% 3, 1 from generate_series(1, %d) i
        union all select 'gemini', 'left', n from unnest(array[1, -1]) n
        """
            .formatted(many));
    rig.sql(
        """
        create function at_most() returns trigger language plpgsql as $$
        begin
          if (select count(*) from gone) > %d then raise 'too many rows at once'; end if;
          return null;
        end
        $$
        """
            .formatted(PostgresTidying.SUMS));
    rig.sql(
        """
        create trigger at_most after delete on pool_sizes referencing old table as gone
        for each statement execute function at_most()
        """);

    get(tidying.tidy(Duration.ZERO));

    assertThat(rig.value("select string_agg(pool || ' ' || n, ', ' order by pool) from pool_sizes"))
        .contains("pool-0 20002, pool-1 20003, pool-2 20002");
  }
}
