package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AuditLog;
import dev.evertoken.port.AuditLog.Entry;
import dev.evertoken.port.AuditLog.Filter;
import dev.evertoken.port.AuditLog.Place;
import dev.evertoken.port.KeyStore.NewKey;
import dev.evertoken.rig.Await;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written into the audit, and how it is read. */
final class AuditLogTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Filter ALL = new Filter(null, null, null, null, null);

  private StoreRig rig;

  @BeforeEach
  void open() {
    rig = new StoreRig();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /** Sixty changes, three at each moment, and as many counts of reads, ten in each minute. */
  private void fill() {
    rig.sql(
        """
        insert into audit (event, at, actor, action, account_id, facts)
        select gen_random_uuid(), timestamptz '2026-11-23T12:00:00Z' + (i / 3) * interval '20 s',
          'key:' || i % 2, case when i % 5 = 0 then 'account.failed' else 'account.changed' end,
          i % 4, '{"reason": "because"}'
        from generate_series(0, 59) i
        """);
    rig.sql(
        """
        insert into token_reads (minute, actor, account_id, reads)
        select timestamptz '2026-11-23T12:00:00Z' + (i / 10) * interval '1 min', 'key:' || i % 2, i, i + 1
        from generate_series(0, 59) i
        """);
  }

  private List<Entry> paged(Filter filter, int limit) {
    List<Entry> all = new ArrayList<>();
    Place before = null;
    while (true) {
      List<Entry> page = get(rig.stores.auditLog().list(filter, limit, before));
      all.addAll(page);
      if (page.size() < limit) {
        return all;
      }
      before = page.getLast().place();
    }
  }

  private List<Entry> list(
      @Nullable Long account,
      @Nullable String actor,
      @Nullable String action,
      @Nullable Instant since,
      @Nullable Instant until) {
    return paged(new Filter(account, actor, action, since, until), 500);
  }

  @Test
  void changesAndReadsComeNewestFirstWhateverThePage() {
    fill();
    List<Entry> whole = paged(ALL, 500);
    assertThat(whole).hasSize(120).doesNotHaveDuplicates();
    assertThat(whole.stream().map(entry -> entry.place().at()).toList().reversed()).isSorted();
    for (int limit : new int[] {1, 7, 60}) {
      assertThat(paged(ALL, limit)).isEqualTo(whole);
    }
    assertThat(whole.stream().filter(entry -> entry.reads() != null))
        .hasSize(60)
        .allMatch(entry -> entry.action().equals(AuditLog.TOKEN_READ));
  }

  @Test
  void eachFilterShowsItsOwn() {
    fill();
    assertThat(list(3L, null, null, null, null))
        .hasSize(16)
        .allMatch(e -> Long.valueOf(3).equals(e.account()));
    assertThat(list(null, "key:1", null, null, null)).hasSize(60);
    assertThat(list(null, null, "account.failed", null, null)).hasSize(12);
    assertThat(list(null, null, AuditLog.TOKEN_READ, null, null)).hasSize(60);
    assertThat(list(null, null, "nothing", null, null)).isEmpty();
    assertThat(list(null, null, null, NOON.plusSeconds(60), NOON.plusSeconds(120)))
        .hasSize(9 + 10)
        .allMatch(e -> e.place().at().isBefore(NOON.plusSeconds(120)));
    assertThat(list(3L, "key:1", "account.changed", null, null)).hasSize(12);
  }

  static Stream<Filter> filters() {
    Instant since = Instant.now().minusSeconds(600);
    List<Filter> each =
        List.of(
            ALL,
            new Filter(77L, null, null, null, null),
            new Filter(null, "key:7", null, null, null),
            new Filter(null, null, "account.rare", null, null),
            new Filter(null, null, AuditLog.TOKEN_READ, null, null),
            new Filter(null, null, null, since, null),
            new Filter(null, null, null, null, since),
            new Filter(null, null, null, since, since.plusSeconds(60)));
    return Stream.concat(
        each.stream(),
        each.stream()
            .map(
                f -> new Filter(f.account(), f.actor(), f.action(), since, since.plusSeconds(60))));
  }

  private void fillMany() {
    rig.sql(
        """
        insert into audit (event, at, actor, action, account_id, facts)
        select gen_random_uuid(), now() - i * interval '1 s', 'key:' || i % 100,
          case when i % 1000 = 0 then 'account.rare' else 'account.changed' end, i % 500, '{}'
        from generate_series(1, 20000) i
        """);
    rig.sql(
        """
        insert into token_reads (minute, actor, account_id, reads)
        select date_trunc('minute', now()) - i / 50 * interval '1 min', 'key:' || i % 100, i % 500 + i / 50, 1
        from generate_series(1, 20000) i
        """);
    rig.sql("vacuum analyze audit");
    rig.sql("vacuum analyze token_reads");
  }

  @Test
  void eachFilterFindsItsPageByIndex() {
    fillMany();
    Database database =
        new Database(rig.vertx, PostgresAddress.parse(Secret.of(rig.uri)), DatabaseLimits.of(1));
    filters()
        .forEach(
            filter -> {
              for (Place before : Arrays.asList(null, new Place(Instant.now(), false, 10_000))) {
                Tuple arguments = Tuple.of(50);
                String sql = PostgresAuditLog.sql(filter, before, arguments);
                String plan =
                    get(database.query("explain " + sql, arguments)).stream()
                        .map(row -> row.getString(0))
                        .collect(Collectors.joining("\n"));
                assertThat(plan)
                    .as(filter.toString())
                    .contains("on audit")
                    .doesNotContain("Seq Scan on audit")
                    .doesNotContain("Seq Scan on token_reads");
              }
            });
    get(database.close());
  }

  @Test
  void aChangeIsShownWithTheNameOfItsKeyWhileThatIsThere() {
    var key =
        get(
            rig.stores
                .keys()
                .create(new NewKey("gate", Set.of(Scope.ADMIN), Set.of(), Set.of(), null, null)));
    rig.stores
        .audit()
        .changed(Caller.trusted("key:" + key.key().id()), "x", 7L, Map.of("reason", "tea"));
    Await.until("it is written", () -> !paged(ALL, 10).isEmpty());
    Entry entry = paged(ALL, 10).getFirst();
    assertThat(entry.actorName()).isEqualTo("gate");
    assertThat(entry.facts()).containsEntry("reason", "tea");
    get(rig.stores.keys().delete(key.key().id()));
    assertThat(paged(ALL, 10).getFirst().actorName()).isNull();
  }

  @Test
  void readsAreCountedByCallerAccountAndMinuteAlsoThoseOfAStop() {
    Postgres node = rig.node("reads", DatabaseLimits.of(2));
    Caller caller = Caller.trusted("key:7");
    for (long account = 1; account <= 12_000; account++) {
      node.audit().tokenRead(caller, account);
    }
    for (int i = 0; i < 5; i++) {
      node.audit().tokenRead(Caller.trusted("bus:b"), 1);
    }
    get(node.close());

    List<Entry> ofOne = list(1L, null, AuditLog.TOKEN_READ, null, null);
    assertThat(ofOne.stream().filter(e -> e.actor().equals("bus:b")).mapToLong(e -> count(e)).sum())
        .isEqualTo(5);
    assertThat(ofOne)
        .allMatch(e -> e.place().at().equals(e.place().at().truncatedTo(ChronoUnit.MINUTES)));
    long all =
        paged(new Filter(null, "key:7", null, null, null), 500).stream()
            .mapToLong(AuditLogTest::count)
            .sum();
    assertThat(all).isEqualTo(12_000);
  }

  private static long count(Entry entry) {
    Long reads = entry.reads();
    return reads == null ? 0 : reads;
  }
}
