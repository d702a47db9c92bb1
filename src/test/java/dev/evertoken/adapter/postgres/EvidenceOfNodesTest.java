package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.PLATFORM;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.RouteFault;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Suspension.Kind;
import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.domain.WayRecord.Bucket;
import dev.evertoken.domain.WayRecord.Failure;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.Take;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.RouteStore.Tally;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What several nodes write at once, of which one may be of the release before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EvidenceOfNodesTest {

  private static final Way DIRECT = new Way(PLATFORM, null);
  private static final String MANY =
      """
      insert into accounts (incarnation, platform, type, name, status, paused, priority, pools,
        proxy_id, refresh_sealed, rt_mac, access_sealed, refresh_due_at, expires_at)
      select gen_random_uuid(), '$platform', 'oauth', 'n' || i, 'active', false, 50, '{}',
        case when i > 30 then 3 + i % 10 end, 'r', decode(md5(i::text), 'hex'), 'a',
        now() + (i - 30) * interval '1 minute', now() + i * interval '1 minute'
      from generate_series(1, 10000) i
      """;

  private final StoreRig rig = new StoreRig();
  private final RouteStore routes = rig.stores.routes();
  private final RouteStore others = rig.node("node-2", DatabaseLimits.of(4)).routes();
  private final RefreshClaims claims = rig.stores.claims();

  @AfterAll
  void close() {
    rig.close();
  }

  @BeforeEach
  void empty() {
    rig.sql("truncate accounts, ways, suspensions");
  }

  private static Instant ago(int seconds) {
    return Instant.now().minusSeconds(seconds).truncatedTo(ChronoUnit.MICROS);
  }

  private static Suspension down(Kind kind, @Nullable Long proxy) {
    return new Suspension(kind, PLATFORM, proxy, "down", ago(60), ago(1));
  }

  private WayRecord record() {
    return get(routes.records()).stream()
        .filter(known -> known.way().equals(DIRECT))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void nothingOfTwoNodesIsLost() {
    Instant start = ago(10);
    Way other = new Way(PLATFORM, 3L);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      RouteStore node = i % 2 == 0 ? routes : others;
      List<Tally> tallies =
          new ArrayList<>(
              List.of(
                  new Tally(DIRECT, new Bucket(start, 3, 1), List.of()),
                  new Tally(other, new Bucket(start, 3, 1), List.of())));
      all.add(node.count(i % 2 == 0 ? tallies : tallies.reversed()));
      all.add(node.failed(DIRECT, new Failure(i, ago(20 - i), RouteFault.STATUS)));
    }
    all.forEach(StoreRig::get);

    assertThat(record().buckets()).containsExactly(new Bucket(start, 30, 10));
    assertThat(record().failures()).extracting(Failure::account).hasSize(10).isSorted();
  }

  @Test
  void oneNodeGetsTheProbe() {
    rig.create("due");
    rig.create("due too");
    rig.sql("update accounts set refresh_due_at = now()");
    Suspension down = down(Kind.ROUTE, null);
    get(routes.suspend(down));
    List<Future<Optional<Account>>> asked = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      asked.add((i % 2 == 0 ? routes : others).claimProbe(down, null, Duration.ofSeconds(30)));
    }

    assertThat(asked.stream().map(StoreRig::get).flatMap(Optional::stream)).hasSize(1);
    assertThat(rig.value("select probe_account from suspensions")).isPresent();
  }

  @Test
  void aWriteThatFindsNothingToClearIsNone() {
    get(routes.failed(DIRECT, new Failure(1, ago(5), RouteFault.PAGE)));
    String version = "select xmin from ways";
    String before = rig.value(version).orElseThrow();

    get(routes.understood(DIRECT, ago(60)));

    assertThat(rig.value(version)).contains(before);
  }

  @Test
  void findsByIndexWhoCouldRefreshAndWhoProbes() {
    rig.sql(MANY.replace("$platform", PLATFORM));
    rig.sql("vacuum analyze accounts");

    String ofDirect =
        EvidenceSql.OTHERS_OF_DIRECT_ROUTE
            .replace("$1", "'{1}'")
            .replace("$2", "'" + PLATFORM + "'");
    assertThat(rig.value(ofDirect)).contains("t");
    assertThat(Plan.rowsRead(rig, "accounts", ofDirect)).isLessThanOrEqualTo(60);

    assertThat(readsOf(SuspensionSql.PROBE_OF_DIRECT_ROUTE, Kind.ROUTE)).isLessThanOrEqualTo(100);
    assertThat(readsOf(SuspensionSql.PROBE_OF_PLATFORM, Kind.PLATFORM)).isLessThanOrEqualTo(100);
    assertThat(rig.value("select count(*) from suspensions where probe_until is not null"))
        .contains("2");
  }

  private long readsOf(String probe, Kind kind) {
    get(routes.suspend(down(kind, null)));
    String sql =
        probe
            .replace("$1", "'" + WireName.of(kind) + "'")
            .replace("$2", "'" + PLATFORM + "'")
            .replace("$3", "null")
            .replace("$4", "30000")
            .replace("$5", "null");
    return Plan.rowsRead(rig, "accounts", sql);
  }

  @Test
  void aDoubtThatANodeOfTheReleaseBeforeEndedIsOver() {
    Account account = rig.create("kept");
    rig.sql("update accounts set unreadable_since = now(), unknown_since = now()");
    assertThat(rig.take(account, UUID.randomUUID())).isInstanceOf(Take.Resting.class);

    rig.sql("update accounts set unknown_since = null, unknown_tries = 0");

    assertThat(rig.find(account.id()).credentials().refresh().doubt().unreadableSince()).isNull();
    assertThat(rig.take(account, UUID.randomUUID())).isInstanceOf(Take.Taken.class);
  }

  @Test
  void aHistoryThatANodeOfTheReleaseBeforeLeftBehindIsOver() {
    Account account = rig.create("works");
    rig.sql("update accounts set history = '{\"own\": true, \"refusals\": 2}'");
    assertThat(rig.find(account.id()).credentials().history().own()).isTrue();
    assertThat(get(routes.othersCouldRefresh(DIRECT, Set.of()))).isFalse();

    rig.sql(
        """
        update accounts set last_refresh = '{"attempt": "%s", "at": "2026-01-01T00:00:00Z",
          "result": "success", "trigger": "background", "duration_ms": 1}'
        """
            .formatted(UUID.randomUUID()));

    assertThat(rig.find(account.id()).credentials().history().own()).isFalse();
    assertThat(get(routes.othersCouldRefresh(DIRECT, Set.of()))).isTrue();
  }

  @Test
  void aTokenThatANodeOfTheReleaseBeforeReplacedHasNoSibling() {
    Account account = rig.create("old");
    get(claims.commit(StoreRig.answer(account, UUID.randomUUID(), "rt-old", "rt-old-2")));
    rig.sql("update refresh_tokens set refreshed = null");

    Commit late =
        get(claims.commit(StoreRig.answer(account, UUID.randomUUID(), "rt-old", "rt-old-3")));

    assertThat(((Commit.Superseded) late).sibling()).isFalse();
  }

  @Test
  void aSuspensionThatANodeOfTheReleaseBeforeSetBeganWithItsOutage() {
    rig.sql(
        """
        insert into suspensions (kind, platform, proxy_id, reason, since, probe_at)
        values ('route', 'antigravity', null, 'down', '2026-01-01Z', '2026-01-01Z')
        """);

    Suspension known = get(routes.suspensions()).getFirst();

    assertThat(known.outage())
        .isEqualTo(new Suspension.Outage(Instant.parse("2026-01-01T00:00:00Z"), 0));
    assertThat(get(routes.suspend(down(Kind.ROUTE, null)))).isFalse();
    assertThat(get(routes.suspensions()).getFirst().outage()).isEqualTo(known.outage());
  }

  @Test
  void nodesOfTheReleaseBeforeSeeTheWaysUnderTheKindsThatTheyKnow() {
    rig.sql(
        """
        insert into suspensions (kind, platform, proxy_id, reason, since, probe_at)
        select kind, 'antigravity', n, 'down', now(), now() - interval '1 minute'
        from unnest('{unreadable,route_throttled,route,platform,provider_config,throttled}'::text[])
          with ordinality x (kind, n)
        """);

    assertThat(rig.value("select string_agg(kind, ',' order by proxy_id) from closed_ways"))
        .contains("route,route,route,provider_config,provider_config");
  }
}
