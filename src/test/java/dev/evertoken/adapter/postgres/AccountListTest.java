package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Blocker;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.AccountStore.Need;
import dev.evertoken.rig.Jdbc;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each filter of the list shows what it says, and finds it by index. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccountListTest {

  private static final int ACCOUNTS = 5000;

  private final StoreRig rig = new StoreRig();
  private final Database database =
      new Database(rig.vertx, PostgresAddress.parse(Secret.of(rig.uri)), DatabaseLimits.of(2));
  private final List<Account> all;
  private final Collection<Suspension> suspensions;

  AccountListTest() {
    ManyAccounts.fill(rig, ACCOUNTS);
    rig.sql("update accounts set deleted_at = now(), pools = pools where id % 97 = 0");
    rig.sql(
        "update accounts set unknown_since = now(), unreadable_since = now(), expires_at = now()"
            + " where id % 1000 = 21");
    rig.sql("update accounts set refresh_idle_at = now() + '90d' where id % 10 = 4");
    rig.sql("update accounts set refresh_expires_at = now() + '3d' where id % 500 = 4");
    rig.sql("update accounts set refresh_end_told = 1 where id % 1000 = 4");
    rig.sql("analyze accounts");
    all = pages(Filter.ALL, 500);
    suspensions = get(rig.stores.routes().suspensions());
  }

  @AfterAll
  void stop() {
    get(database.close());
    rig.close();
  }

  /** One case: a filter, and the indexes of which its plan uses at least one. */
  record Case(Filter filter, List<String> indexes) {

    Case(Filter filter, String... indexes) {
      this(filter, List.of(indexes));
    }

    @Override
    public String toString() {
      return filter.toString();
    }
  }

  private static Filter filter(
      @Nullable String platform,
      @Nullable String pool,
      @Nullable AccountStatus status,
      @Nullable Boolean schedulable,
      @Nullable String name) {
    return new Filter(platform, pool, status, schedulable, name, Set.of(), Set.of());
  }

  private static Filter seenBy(Filter filter, Set<String> pools, Set<Long> accounts) {
    return new Filter(
        filter.platform(),
        filter.pool(),
        filter.status(),
        filter.schedulable(),
        filter.name(),
        pools,
        accounts,
        filter.endsBefore(),
        filter.needs());
  }

  private static final Filter NEEDS_ATTENTION =
      new Filter(null, null, null, null, null, Set.of(), Set.of(), null, Need.ATTENTION);

  private static Filter ending(int days) {
    Instant before = Instant.now().plus(Duration.ofDays(days));
    return new Filter(null, null, null, null, null, Set.of(), Set.of(), before, null);
  }

  static Stream<Case> cases() {
    List<Case> cases =
        List.of(
            new Case(Filter.ALL, "accounts_live", "accounts_pkey"),
            new Case(
                filter("gemini", null, null, null, null), "accounts_of_platform", "accounts_live"),
            new Case(filter("nowhere", null, null, null, null), "accounts_of_platform"),
            new Case(filter(null, "large", null, null, null), "account_pools_pkey"),
            new Case(filter(null, "tenth", null, null, null), "account_pools_pkey"),
            new Case(filter(null, "last", null, null, null), "account_pools_pkey"),
            new Case(filter(null, "gemini", null, null, null), "account_pools_pkey"),
            new Case(filter("antigravity", "tenth", null, null, null), "account_pools_pkey"),
            new Case(
                filter(null, null, AccountStatus.ERROR, null, null),
                "accounts_not_active",
                "accounts_exceptional"),
            new Case(
                filter(null, null, AccountStatus.DISABLED, null, null),
                "accounts_not_active",
                "accounts_exceptional"),
            new Case(
                filter(null, null, AccountStatus.ACTIVE, null, null),
                "accounts_live",
                "accounts_pkey"),
            new Case(filter(null, null, null, true, null), "accounts_live", "accounts_pkey"),
            new Case(filter(null, null, null, false, null), "accounts_exceptional"),
            new Case(filter(null, null, null, null, "account-4321"), "accounts_by_name"),
            new Case(ending(10), "accounts_refresh_token_ends"),
            new Case(ending(100)),
            new Case(
                NEEDS_ATTENTION,
                "accounts_not_active",
                "accounts_in_doubt",
                "accounts_refresh_token_ends"),
            new Case(filter("openai", "last", AccountStatus.ACTIVE, true, null)),
            new Case(filter(null, "tenth", null, false, null)),
            new Case(filter("openai", null, AccountStatus.ACTIVE, false, null)));
    return Stream.concat(cases.stream(), cases.stream().flatMap(AccountListTest::limited));
  }

  /** The same asked by limited keys. */
  private static Stream<Case> limited(Case one) {
    return Stream.of(
        new Case(seenBy(one.filter(), Set.of("last", "gemini"), Set.of(1L, 3L, 4988L))),
        new Case(seenBy(one.filter(), Set.of(), Set.of(2L, 97L, 100L, 4321L))),
        new Case(seenBy(one.filter(), Set.of("nowhere"), Set.of())));
  }

  private List<Account> pages(Filter filter, int limit) {
    List<Account> found = new ArrayList<>();
    List<Account> page = get(rig.stores.accounts().list(filter, limit, 0));
    while (!page.isEmpty()) {
      found.addAll(page);
      page = get(rig.stores.accounts().list(filter, limit, page.getLast().id()));
    }
    return found;
  }

  private boolean fits(Filter filter, Account account) {
    boolean schedulable = Blocker.of(account, suspensions, Instant.now()).isEmpty();
    boolean limited = !filter.pools().isEmpty() || !filter.accounts().isEmpty();
    return (filter.platform() == null || filter.platform().equals(account.platform()))
        && (filter.pool() == null || account.inPool(filter.pool()))
        && (filter.status() == null || filter.status() == account.status())
        && (filter.schedulable() == null || filter.schedulable() == schedulable)
        && (filter.name() == null || filter.name().equals(account.name()))
        && (filter.endsBefore() == null || endsBefore(account, filter.endsBefore()))
        && (filter.needs() == null || needsAttention(account))
        && (!limited
            || filter.accounts().contains(account.id())
            || filter.pools().stream().anyMatch(account::inPool));
  }

  private static boolean needsAttention(Account account) {
    return account.status() == AccountStatus.ERROR
        || account.credentials().unknownSince() != null
        || endsBefore(account, Instant.now().plus(Duration.ofDays(7)));
  }

  private static boolean endsBefore(Account account, Instant time) {
    Instant end = account.credentials().refresh().endsAt();
    return end != null && end.isBefore(time);
  }

  @Test
  void theSampleHasSomethingForEachFilter() {
    assertThat(all).hasSize(ACCOUNTS - ACCOUNTS / 97);
    cases()
        .filter(one -> one.filter().pools().isEmpty() && one.filter().accounts().isEmpty())
        .filter(one -> !"nowhere".equals(one.filter().platform()))
        .forEach(
            one ->
                assertThat(all.stream().filter(account -> fits(one.filter(), account)))
                    .as(one.toString())
                    .isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aFilterShowsWhatItSaysInTheOrderOfIds(Case one) {
    List<Long> expected =
        all.stream().filter(account -> fits(one.filter(), account)).map(Account::id).toList();
    assertThat(pages(one.filter(), 400).stream().map(Account::id)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aFilterFindsItsPageByIndex(Case one) {
    AccountList list = new AccountList(one.filter(), 50, 2000);
    String plan =
        get(database.query("explain " + list.sql(), list.arguments())).stream()
            .map(row -> row.getString(0))
            .collect(Collectors.joining("\n"));
    assertThat(plan).doesNotContain("Seq Scan on accounts").doesNotContain("Seq Scan on account_p");
    if (!one.indexes().isEmpty()) {
      assertThat(one.indexes()).as(plan).anyMatch(plan::contains);
    }
  }

  /** PostgreSQL may make such a plan of a statement that is kept, once it was carried out often. */
  @ParameterizedTest
  @EnumSource(names = {"ERROR", "DISABLED"})
  void aStatusIsFoundByIndexAlsoByAPlanForAllValues(AccountStatus status) {
    AccountList list = new AccountList(filter(null, null, status, null, null), 50, 2000);
    String values =
        IntStream.range(0, list.arguments().size())
            .mapToObj(place -> "'" + list.arguments().getValue(place) + "'")
            .collect(Collectors.joining(", "));
    try (Connection connection = Jdbc.connect(rig.uri);
        Statement run = connection.createStatement()) {
      run.execute("set plan_cache_mode = force_generic_plan");
      run.execute("prepare page as " + list.sql());
      ResultSet plan = run.executeQuery("explain (format json) execute page (" + values + ")");
      plan.next();
      assertThat(plan.getString(1)).containsAnyOf("accounts_not_active", "accounts_exceptional");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theMembersOfAPoolAreFoundByIndex() {
    String plan =
        get(database.query("explain " + PostgresChangeFeed.MEMBERS, Tuple.of("tenth", 50, 0L)))
            .stream()
            .map(row -> row.getString(0))
            .collect(Collectors.joining("\n"));
    assertThat(plan).contains("account_pools_pkey").doesNotContain("Seq Scan on account");
  }

  @Test
  void thePoolsOfAnAccountAreFollowed() {
    Account account = rig.create("moving");
    rig.sql("update accounts set pools = '{x,y,x}' where id = " + account.id());
    assertThat(pools(account)).isEqualTo("antigravity,x,y");
    rig.sql("update accounts set pools = '{y,z}' where id = " + account.id());
    assertThat(pools(account)).isEqualTo("antigravity,y,z");
    rig.sql("update accounts set deleted_at = now() where id = " + account.id());
    assertThat(pools(account)).isEmpty();
  }

  private String pools(Account account) {
    return rig.value(
            "select string_agg(pool, ',' order by pool) from account_pools where account_id = "
                + account.id())
        .orElse("");
  }
}
