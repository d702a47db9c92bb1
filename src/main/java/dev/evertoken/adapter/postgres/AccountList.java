package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.AccountStore.Need;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list of accounts as a statement, with the conditions that it needs and no others.
 *
 * <p>A condition that is switched off by a parameter would cost the index of another: the planner
 * cannot tell which apply. What no single index can order (a limited key sees several pools) is the
 * union of pages that each can.
 */
final class AccountList {

  private static final String NO_VALID_TOKEN =
      """
      (access_sealed is null
        or coalesce(expires_at <= clock_timestamp(), true)
        or coalesce(generation <= rejected_generation, false))\
      """;

  /** Whether the account has a token to give as far as its own row tells (law 2). */
  private static final String USABLE =
      """
      status = 'active' and not paused and not (%1$s and %2$s) and not exists (
        select 1 from jsonb_each(benches) b
        where (b.value ->> 'until')::timestamptz > clock_timestamp()
          and (b.key not in ('refresh_failed', 'outcome_unknown') or %2$s))\
      """
          .formatted(AccountSql.UNREADABLE, NO_VALID_TOKEN);

  /** As the index of these rows has it. */
  private static final String IN_DOUBT = "unknown_since is not null";

  private static final String NEEDS_ATTENTION =
      "(status = 'error' or " + IN_DOUBT + " or (" + RefreshEndSql.NEAR + "))";

  /** Whether the way of its refreshes is left alone. */
  private static final String CLOSED =
      """
      exists (
        select 1 from suspended_ways w where type = 'oauth' and %s)\
      """
          .formatted(WayKinds.covers("accounts.platform", "accounts.proxy_id"));

  /** The same as {@link dev.evertoken.domain.Blocker#of} finding nothing. */
  private static final String SCHEDULABLE = USABLE + " and not " + CLOSED;

  private static final String PAGE = "(select id from accounts where %s order by id limit $1)";

  /** By no index of the accounts, since the planner may not know how rare a pool is. */
  private static final String MEMBERS =
      """
      (select id from account_pools join accounts on id = account_id
       where account_pools.pool = %s and account_id > $2 and %s order by account_id limit $1)\
      """;

  private static final String OF_EACH_CLOSED_WAY =
      "(select page.id from suspended_ways w cross join lateral %s page)";

  /**
   * A way without what is asked for has no rows, and walking all to find that out takes seconds.
   */
  private static final String THROUGH_THE_PROXY =
      """
      w.proxy_id is not null and type = 'oauth' and proxy_id = w.proxy_id
        and (w.kind not in %s or platform = w.platform)\
      """
          .formatted(WayKinds.OF_A_ROUTE);

  /** What speaks of the way alone stands alone: if it is false, nothing is read. */
  private static final String OF_THE_PLATFORM =
      """
      w.platform is not null and (w.kind not in %1$s or w.proxy_id is null)
        and type = 'oauth' and platform = w.platform
        and (w.kind not in %1$s or proxy_id is null)\
      """
          .formatted(WayKinds.OF_A_ROUTE);

  private final Filter filter;
  private final Tuple arguments = Tuple.tuple();
  private final List<String> conditions = new ArrayList<>();

  AccountList(Filter filter, int limit, long afterId) {
    this.filter = filter;
    arguments.addInteger(limit).addLong(afterId);
    conditions.add("deleted_at is null and id > $2");
    equal("platform", filter.platform());
    equal("name", filter.name());
    status(filter.status());
    if (filter.endsBefore() != null) {
      OffsetDateTime end = filter.endsBefore().atOffset(ZoneOffset.UTC);
      conditions.add(RefreshEndSql.before(argument(end)));
    }
    needs(filter.needs());
  }

  private void equal(String column, @Nullable String value) {
    if (value != null) {
      conditions.add(column + " = " + argument(value));
    }
  }

  /** As text, not as a parameter: else the planner cannot know that a partial index fits. */
  private void status(@Nullable AccountStatus status) {
    if (status != null) {
      conditions.add("status = '" + WireName.of(status) + "'");
    }
  }

  private void needs(@Nullable Need need) {
    switch (need) {
      case null -> {}
      case ATTENTION -> conditions.add(NEEDS_ATTENTION);
    }
  }

  /** Rows of {@link AccountRows#COLUMNS}. */
  String sql() {
    return page(AccountRows.COLUMNS);
  }

  /** The same with the refresh token, and the columns of the proxy. */
  String wholeSql() {
    return "select whole.*, %s from (%s) whole left join proxies p on p.id = whole.proxy_id order by whole.id"
        .formatted(ProxyRows.COLUMNS, page(AccountRows.COLUMNS + ", refresh_sealed"));
  }

  Tuple arguments() {
    return arguments;
  }

  private String page(String columns) {
    List<String> sources = sources();
    // The limit is inside too, so that the planner knows how few rows are fetched.
    return sources.isEmpty()
        ? "select " + columns + " from accounts where " + all() + " order by id limit $1"
        : """
        select %s from accounts
        where id in (select id from (%s) found order by id limit $1) order by id\
        """
            .formatted(columns, String.join(" union ", sources));
  }

  /** Pages of ids that hold the page wanted; empty: one scan in the order of ids does. */
  private List<String> sources() {
    boolean limited = !filter.pools().isEmpty() || !filter.accounts().isEmpty();
    if (filter.pool() != null || filter.name() != null) {
      if (limited) {
        conditions.add(
            "(platform = any (%1$s::text[]) or pools && %1$s::text[] or id = any (%2$s::bigint[]))"
                .formatted(seenPools(), seenAccounts()));
      }
      return filter.pool() == null ? List.of() : ofPool(argument(filter.pool()));
    }
    if (limited) {
      return seen();
    }
    if (filter.needs() != null) {
      return attention();
    }
    return Boolean.FALSE.equals(filter.schedulable()) ? blocked() : List.of();
  }

  /** What {@link #NEEDS_ATTENTION} says, by one index each. */
  private List<String> attention() {
    return List.of(
        PAGE.formatted("status = 'error' and " + all()),
        PAGE.formatted(IN_DOUBT + " and " + all()),
        PAGE.formatted(RefreshEndSql.NEAR + " and " + all()));
  }

  private List<String> ofPool(String pool) {
    return List.of(MEMBERS.formatted(pool, all()));
  }

  private List<String> seen() {
    return List.of(
        "(select page.id from unnest(%s::text[]) as seen (pool) cross join lateral %s page)"
            .formatted(seenPools(), MEMBERS.formatted("seen.pool", all())),
        PAGE.formatted("id = any (" + seenAccounts() + "::bigint[]) and " + all()));
  }

  private List<String> blocked() {
    return List.of(
        PAGE.formatted(AccountStates.EXCEPTIONAL + " and " + all()),
        PAGE.formatted(IN_DOUBT + " and " + all()),
        OF_EACH_CLOSED_WAY.formatted(PAGE.formatted(THROUGH_THE_PROXY + " and " + regardless())),
        OF_EACH_CLOSED_WAY.formatted(PAGE.formatted(OF_THE_PLATFORM + " and " + regardless())));
  }

  private String all() {
    return filter.schedulable() == null
        ? regardless()
        : regardless() + (filter.schedulable() ? " and (" : " and not (") + SCHEDULABLE + ")";
  }

  /** All but whether it can be picked. */
  private String regardless() {
    return String.join(" and ", conditions);
  }

  private String seenPools() {
    return argument(filter.pools().toArray(String[]::new));
  }

  private String seenAccounts() {
    return argument(filter.accounts().toArray(Long[]::new));
  }

  private String argument(Object value) {
    arguments.addValue(value);
    return "$" + arguments.size();
  }
}
