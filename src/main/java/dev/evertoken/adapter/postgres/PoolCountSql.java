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

  /** Up to here reading the members costs less than a look at what is out of the ordinary. */
  static final int FEW = 2_000;

  private static final String IN_THE_POOL = "$4 = any (pools || platform)";

  private static final String OWN_POOL = "(not $1 or pool = any ($2))";

  /** (pool, total), from the sums. */
  private static final String SUMS =
      """
      select pool, sum(n)::bigint as total from pool_sizes
      where %s and %%s group by pool having sum(n) > 0
      """
          .formatted(OWN_POOL);

  /** (pool, total, out, next_recovery), of the pools with that condition on their name. */
  private static final String COUNTED =
      """
      , totals as (
      %2$s  union all
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

  static final String OF_ONE = ofOne(FEW);

  private static final String AFTER = "pool collate \"C\" > $4";

  static final String LIST =
      AccountStates.told(SEEN, NAMED)
          + COUNTED.formatted(AFTER, SUMS.formatted(AFTER))
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

  /** Counts a pool by its members if it has at most so many. */
  static String ofOne(int few) {
    String members =
        "select account_id from account_pools where pool = $4 order by account_id limit "
            + (few + 1);
    String areFew = "(select count(*) <= %d from members)".formatted(few);
    return AccountStates.toldOfPool(members, areFew, IN_THE_POOL, SEEN, NAMED)
        + COUNTED.formatted("pool = $4", sumOfOne(areFew))
        + "select pool, total, out, next_recovery from counted";
  }

  /** Of few from the members too: the tidying shortens the sums only later. */
  private static String sumOfOne(String areFew) {
    return """
    select pool, count(account_id) as total
    from (select $4::text) one (pool) cross join members
    where %1$s and %2$s group by pool
    union all
    select * from (
    %3$soffset 0) many where not %1$s
    """
        .formatted(areFew, OWN_POOL, SUMS.formatted("pool = $4"));
  }
}
