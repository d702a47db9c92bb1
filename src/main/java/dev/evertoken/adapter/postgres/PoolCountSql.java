package dev.evertoken.adapter.postgres;

/**
 * The statements that count the accounts of pools: all of a pool from the sums of who came and
 * went, and from them those that cannot be picked.
 *
 * <p>A limited key ($1, its pools $2, its accounts $3) has its own pools counted whole, and of
 * others the accounts that it names.
 */
final class PoolCountSql {

  private PoolCountSql() {}

  private static final String SEEN =
      """
      (not $1::boolean or platform = any ($2::text[]) or pools && $2::text[]
        or id = any ($3::bigint[]))\
      """;

  private static final String NAMED = "id = any ($3::bigint[])";

  private static final String IN_THE_POOL =
      "id in (select account_id from account_pools where pool = $4)";

  /** (pool, total, out, next_recovery), of the pools with that condition on their name. */
  private static final String COUNTED =
      """
      , totals as (
        select pool, sum(n)::bigint as total from pool_sizes
        where (not $1 or pool = any ($2)) and %1$s group by pool having sum(n) > 0
        union all
        select pool, count(*) from accounts
        cross join lateral (select distinct unnest(pools || platform) as pool) own
        where $1 and id = any ($3) and deleted_at is null and pool <> all ($2) and %1$s
        group by pool
      ), states as (
        select pool, state, sum(n)::bigint as n, min(back) as back
        from told cross join lateral (select distinct unnest(pools || platform) as pool) own
        where (not $1 or pool = any ($2) or named) and %1$s
        group by pool, state
      ), counted as (
        select pool, total, jsonb_object_agg(state, n) filter (where state is not null) as out,
          min(back) as next_recovery
        from totals left join states using (pool) group by pool, total
      )
      """;

  static final String OF_ONE =
      AccountStates.told(SEEN + " and " + IN_THE_POOL, NAMED)
          + COUNTED.formatted("pool = $4")
          + "select pool, total, out, next_recovery from counted";

  static final String LIST =
      AccountStates.told(SEEN, NAMED)
          + COUNTED.formatted("pool collate \"C\" > $4")
          + """
          select n.pool, total, out, next_recovery
          from (
            select pool from counted
            union
            select name from unnest($6::text[]) name
          ) n (pool)
          left join counted using (pool)
          where n.pool collate "C" > $4
          order by n.pool collate "C" limit $5
          """;
}
