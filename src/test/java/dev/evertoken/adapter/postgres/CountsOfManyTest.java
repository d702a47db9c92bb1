package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.FleetCounts.Counts;
import dev.evertoken.port.FleetCounts.OfPlatform;
import dev.evertoken.port.PoolStore;
import dev.evertoken.port.PoolStore.Members;
import dev.evertoken.port.PoolStore.Whose;
import dev.evertoken.port.Tidying;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The counts are what counting would give, and read only what is out of the ordinary. */
final class CountsOfManyTest {

  private static final Whose EVERYBODY = new Whose(Set.of(), Set.of(), Set.of());
  private static final int FEW = 60;

  private final StoreRig rig = new StoreRig();
  private final Tidying tidying = rig.stores.tidying(Duration.ZERO);
  private final Database database =
      new Database(rig.vertx, PostgresAddress.parse(Secret.of(rig.uri)), DatabaseLimits.of(2));

  /** Takes every pool to have too many members to read each. */
  private final PoolStore manyInEach = new PostgresPools(database, PoolCountSql.ofOne(0));

  @AfterEach
  void close() {
    get(database.close());
    rig.close();
  }

  /** What a state is made of, each by a condition on the row; {@code %d} is an account. */
  private static final List<String> CHANGES =
      List.of(
          "update accounts set deleted_at = now() where id = %d and deleted_at is null",
          "update accounts set pools = '{}' where id = %d",
          "update accounts set pools = '{x,y,x,openai}' where id = %d",
          "update accounts set pools = '{y}' where id = %d",
          "update accounts set paused = not paused where id = %d",
          "update accounts set status = 'error' where id = %d",
          "update accounts set status = 'disabled' where id = %d",
          "update accounts set status = 'active' where id = %d",
          "update accounts set expires_at = null where id = %d",
          "update accounts set expires_at = now() - interval '1 minute' where id = %d",
          "update accounts set expires_at = now() + interval '1 hour' where id = %d",
          "update accounts set expires_at = '9999-12-31Z' where id = %d",
          "update accounts set access_sealed = null where id = %d and type = 'oauth'",
          "update accounts set rejected_generation = generation where id = %d",
          "update accounts set generation = generation + 1 where id = %d",
          "update accounts set not_before = now() + interval '2 hours' where id = %d",
          "update accounts set not_before = now() - interval '2 hours' where id = %d",
          "update accounts set proxy_id = 1 where id = %d",
          "update accounts set proxy_id = 2 where id = %d",
          "update accounts set proxy_id = null where id = %d",
          "update accounts set type = 'upstream', access_sealed = null, expires_at = null,"
              + " refresh_due_at = null, not_before = null where id = %d",
          bench("manual", "1 hour"),
          bench("manual", "-1 hour"),
          bench("refresh_failed", "3 hours"),
          "update accounts set benches = '{}' where id = %d");

  private static final List<String> WAYS =
      List.of(
          "insert into suspensions values ('proxy', null, 1, 'r', now(), now() + interval '1 h')",
          "insert into suspensions values ('route', 'gemini', 2, 'r', now(), now() + interval '2 h')",
          "insert into suspensions values ('route', 'gemini', null, 'r', now(), now() + interval '3 h')",
          "insert into suspensions values ('throttled', 'openai', null, 'r', now(), now() + interval '4 h')",
          "insert into suspensions values ('throttled', 'openai', null, 'r', now(), now() - interval '4 h')",
          "insert into suspensions values ('unreadable', 'openai', 2, 'r', now(), now() + interval '5 h')",
          "insert into suspensions values ('route_throttled', 'openai', null, 'r', now(), now() + interval '6 h')",
          "insert into suspensions values ('platform', 'gemini', null, 'r', now(), now() + interval '7 h')",
          "insert into suspensions values ('provider_config', 'openai', null, 'r', now(), now() + interval '8 h')",
          "insert into proxies (id, seal_id, name, kind, host, port, disabled)"
              + " values (2, gen_random_uuid(), 'off', 'http', '127.0.0.1', 1, true)");

  private static String bench(String cause, String end) {
    return """
    update accounts set benches = benches || jsonb_build_object('%s', jsonb_build_object(
      'until', to_char((now() + interval '%s') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'reason', 'r', 'since', '2026-01-01T00:00:00Z', 'trigger', 'operator'))
    where id = %%d
    """
        .formatted(cause, end);
  }

  private List<Account> all() {
    return get(rig.stores.accounts().list(Filter.ALL, 500, 0));
  }

  private @Nullable Suspension why(Account account, List<Suspension> suspensions) {
    return suspensions.stream()
        .filter(s -> s.covers(account.route()))
        .max(Comparator.comparing((Suspension s) -> !s.passes()).thenComparing(Suspension::probeAt))
        .orElse(null);
  }

  /** What the selection in memory says of each. */
  private record Told(Account account, String state, @Nullable Instant back) {

    boolean in(String pool) {
      return account.inPool(pool);
    }
  }

  private List<Told> truth() {
    List<Suspension> suspensions = List.copyOf(get(rig.stores.routes().suspensions()));
    Instant now = Instant.now();
    List<Told> told = new ArrayList<>();
    for (Account account : all()) {
      Candidate candidate = Candidate.of(account, null, now);
      Suspension why = why(account, suspensions);
      String state = candidate.state(now, why);
      boolean comesBack = state.equals("benched") || state.equals("suspended");
      told.add(
          new Told(account, state, comesBack ? candidate.recovery(now, why).orElse(null) : null));
    }
    return told;
  }

  private static Map<String, Long> byState(Stream<Told> accounts) {
    return accounts.collect(
        Collectors.groupingBy(Told::state, TreeMap::new, Collectors.counting()));
  }

  private void check(String when) {
    List<Told> truth = truth();
    Map<String, Map<String, Long>> ofPools = new HashMap<>();
    Map<String, Map<String, Long>> ofPlatforms = new HashMap<>();
    Map<String, Long> usable = new HashMap<>();
    for (Told told : truth) {
      String platform = told.account().platform();
      Set<String> pools = new HashSet<>(told.account().pools());
      pools.add(platform);
      pools.forEach(
          pool -> ofPools.computeIfAbsent(pool, p -> byState(truth.stream().filter(t -> t.in(p)))));
      ofPlatforms.computeIfAbsent(
          platform, p -> byState(truth.stream().filter(t -> t.account().platform().equals(p))));
    }
    ofPools.forEach((pool, states) -> usable.put(pool, states.getOrDefault("usable", 0L)));

    List<Members> pools = get(rig.stores.pools().list(EVERYBODY, 100, ""));
    Counts counts = get(rig.stores.fleet().counts());

    assertThat(pools.stream().collect(Collectors.toMap(Members::pool, m -> some(m.byState()))))
        .as(when)
        .isEqualTo(ofPools);
    for (Members members : pools) {
      assertThat(millis(members.nextRecovery())).as(when).isEqualTo(back(truth, members.pool()));
      assertThat(get(rig.stores.pools().members(members.pool(), EVERYBODY)))
          .as(when)
          .isEqualTo(members);
      assertThat(get(manyInEach.members(members.pool(), EVERYBODY))).as(when).isEqualTo(members);
    }
    assertThat(
            counts.platforms().stream()
                .collect(Collectors.toMap(OfPlatform::platform, p -> some(p.byState()))))
        .as(when)
        .isEqualTo(ofPlatforms);
    assertThat(counts.usableByPool()).as(when).isEqualTo(usable);
  }

  /** Without the states that nobody is in. */
  private static Map<String, Long> some(Map<String, Long> counts) {
    Map<String, Long> some = new TreeMap<>(counts);
    some.values().removeIf(n -> n == 0);
    return some;
  }

  private static @Nullable Instant back(List<Told> truth, String pool) {
    return truth.stream()
        .filter(told -> told.in(pool) && told.back() != null)
        .map(told -> millis(told.back()))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static @Nullable Instant millis(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MILLIS);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theyAreTheTruthAfterAnyChanges(long seed) {
    Random random = new Random(seed);
    ManyAccounts.fill(rig, FEW);
    for (int round = 0; round < 10; round++) {
      for (int change = 0; change < 25; change++) {
        String sql = CHANGES.get(random.nextInt(CHANGES.size()));
        rig.sql(sql.formatted(1 + random.nextInt(FEW)));
      }
      rig.sql("delete from suspensions");
      rig.sql("delete from proxies");
      for (int way = 0; way < 2; way++) {
        rig.sql(WAYS.get(random.nextInt(WAYS.size())) + " on conflict do nothing");
      }
      check("seed %d, round %d".formatted(seed, round));
      get(tidying.tidy(Duration.ZERO));
      check("seed %d, round %d, put together".formatted(seed, round));
    }
    assertThat(rig.value("select count(*) - count(distinct (platform, pool)) from pool_sizes"))
        .contains("0");
  }

  @Test
  void whoComesAndGoesAtOnceIsCountedOnceWhileTheSumsArePutTogether() {
    ManyAccounts.fill(rig, FEW);
    Tidying other = rig.node("node-2", DatabaseLimits.of(2)).tidying(Duration.ZERO);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long there = 1L + i % FEW;
      all.add(rig.stores.accounts().create(StoreRig.sample("new-" + i, "rt-new-" + i), null));
      if (i % 3 == 0) {
        all.add(rig.stores.accounts().delete(there, OptionalLong.empty()));
      }
      if (i % 10 == 0) {
        all.add(tidying.tidy(Duration.ZERO));
        all.add(other.tidy(Duration.ZERO));
      }
    }
    get(Future.join(all).otherwiseEmpty());

    assertThat(rig.value("select count(*) from accounts where deleted_at is null"))
        .isEqualTo(rig.value("select sum(n) from pool_sizes where pool = platform"));
    check("after all of it");
  }

  /** A key that is limited to a pool and an account has the pool counted whole, else its own. */
  @Test
  void aLimitedKeyHasItsOwnCounted() {
    ManyAccounts.fill(rig, FEW);
    Whose limited = new Whose(Set.of("tenth"), Set.of("tenth"), Set.of(2L, 3L));

    List<Members> pools = get(rig.stores.pools().list(limited, 100, ""));

    assertThat(pools.stream().collect(Collectors.toMap(Members::pool, m -> some(m.byState()))))
        .isEqualTo(
            Map.of(
                "tenth",
                Map.of("usable", 6L),
                "large",
                Map.of("paused", 1L, "benched", 1L),
                "anthropic",
                Map.of("paused", 1L),
                "openai",
                Map.of("benched", 1L)));
    for (Members members : pools) {
      assertThat(get(rig.stores.pools().members(members.pool(), limited))).isEqualTo(members);
      assertThat(get(manyInEach.members(members.pool(), limited))).isEqualTo(members);
    }
  }

  @Test
  void theyReadOnlyWhatIsOutOfTheOrdinaryOfTenThousandAccounts() {
    ManyAccounts.fill(rig, 10_000);
    rig.sql("update accounts set expires_at = now() - interval '1 minute' where id % 1000 = 500");
    rig.sql("update accounts set rejected_generation = generation where id % 1000 = 600");
    rig.sql("vacuum analyze accounts");
    // In error, disabled, paused, benched; without a token; and the first of three indexes for each
    // of four platforms.
    int out = 3 * 100 + 2 * 10 + 2 * 10 + 3 * 4;

    assertThat(Plan.rowsRead(rig, "accounts", PostgresFleetCounts.SQL)).isLessThanOrEqualTo(out);
    assertThat(Plan.rowsRead(rig, "accounts", asked(PoolCountSql.LIST, "")))
        .isLessThanOrEqualTo(out);
    String large = asked(PoolCountSql.OF_ONE, "large");
    assertThat(Plan.rowsRead(rig, "accounts", large)).isLessThanOrEqualTo(out);
    // To see that they are many.
    assertThat(Plan.rowsRead(rig, "account_pools", large)).isEqualTo(PoolCountSql.FEW + 1);
  }

  @Test
  void aSmallPoolReadsItsOwnMembersWhateverIsTheMatterWithTheOthers() {
    ManyAccounts.fill(rig, 10_000);
    rig.sql("update accounts set expires_at = now() - interval '1 minute' where id % 10 = 5");
    rig.sql("update accounts set access_sealed = null where id % 10 = 6");
    rig.sql("update accounts set paused = true where id % 10 = 7");
    rig.sql("vacuum analyze accounts");

    String last = asked(PoolCountSql.OF_ONE, "last");
    assertThat(get(rig.stores.pools().members("last", EVERYBODY)).byState())
        .isEqualTo(Map.of("usable", 18L, "paused", 2L));
    // Its members, and one of each platform.
    assertThat(Plan.allRowsRead(rig, "accounts", last)).isLessThanOrEqualTo(20 + 4);
    assertThat(Plan.allRowsRead(rig, "account_pools", last)).isLessThanOrEqualTo(20);
    // These are 21 000 here, as nobody has tidied.
    assertThat(Plan.allRowsRead(rig, "pool_sizes", last)).isZero();
  }

  private static String asked(String sql, String pool) {
    return sql.replace("$1", "false")
        .replace("$2", "'{}'::text[]")
        .replace("$3", "'{}'::bigint[]")
        .replace("$4", "'" + pool + "'")
        .replace("$5", "50")
        .replace("$6", "'{}'");
  }
}
