package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.WireName;
import dev.evertoken.port.AccountStore.Filter;
import io.vertx.sqlclient.Tuple;

/** The list of accounts: one statement for every filter. */
final class AccountList {

  private AccountList() {}

  /** Whether the account has a token to give as far as its own row tells (law 2). */
  static final String USABLE =
      """
      status = 'active' and not paused and not exists (
        select 1 from jsonb_each(benches) b
        where (b.value ->> 'until')::timestamptz > clock_timestamp()
          and (b.key not in ('refresh_failed', 'outcome_unknown')
            or access_sealed is null
            or coalesce(expires_at <= clock_timestamp(), true)
            or coalesce(generation <= rejected_generation, false)))\
      """;

  /** Whether the way of its refreshes is left alone. */
  static final String CLOSED =
      """
      exists (
        select 1 from closed_ways w
        where type = 'oauth' and case
          when w.kind in ('proxy', 'proxy_disabled', 'proxy_missing')
            then w.proxy_id = accounts.proxy_id
          when w.kind = 'route' then w.platform = accounts.platform
            and w.proxy_id is not distinct from accounts.proxy_id
          else w.platform = accounts.platform end)\
      """;

  /** The same as {@link dev.evertoken.domain.Blocker#of} finding nothing. */
  private static final String SCHEDULABLE =
      """
      status = 'active' and not paused and not exists (
        select 1 from jsonb_each(benches) b
        where (b.value ->> 'until')::timestamptz > clock_timestamp()
      ) and not %s\
      """
          .formatted(CLOSED);

  static final String SQL =
      """
      select %s from accounts
      where deleted_at is null and id > $2
        and ($3::text is null or platform = $3)
        and ($4::text is null or platform = $4 or pools @> array[$4])
        and ($5::text is null or status = $5)
        and ($6::boolean is null or (%s) = $6)
        and ($7::text is null or name = $7)
        and (cardinality($8::text[]) + cardinality($9::bigint[]) = 0
          or platform = any ($8) or pools && $8 or id = any ($9))
      order by id limit $1
      """
          .formatted(AccountRows.COLUMNS, SCHEDULABLE);

  static Tuple arguments(Filter filter, int limit, long afterId) {
    return Tuple.tuple()
        .addInteger(limit)
        .addLong(afterId)
        .addString(filter.platform())
        .addString(filter.pool())
        .addString(filter.status() == null ? null : WireName.of(filter.status()))
        .addBoolean(filter.schedulable())
        .addString(filter.name())
        .addArrayOfString(filter.pools().toArray(String[]::new))
        .addArrayOfLong(filter.accounts().toArray(Long[]::new));
  }
}
