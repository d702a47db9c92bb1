package dev.evertoken.adapter.postgres;

/**
 * The statements that count the accounts of pools: in the words of {@link
 * dev.evertoken.domain.Candidate#state}, and as it tells when they may be back.
 */
final class PoolCountSql {

  private PoolCountSql() {}

  /** The accounts that are asked for; of a limited key those in its pools, and its own. */
  private static final String VISIBLE =
      """
      deleted_at is null
        and (not $1::boolean or platform = any ($2::text[]) or pools && $2::text[]
          or id = any ($3::bigint[]))\
      """;

  /** Each account once, with its state and the time at which it may be back. */
  private static final String STATES =
      """
      with ways as materialized (
        select kind, platform, proxy_id, probe_at from closed_ways
      ), told as (
        select a.id, a.platform, a.pools,
          case
            when a.status <> 'active' then a.status
            when a.paused then 'paused'
            when withheld is not null then 'benched'
            when valid then 'usable'
            when rests is not null or a.type = 'upstream' then 'benched'
            when closed then 'suspended'
            else 'usable'
          end as state,
          greatest(withheld, rests, probe_at) as back
        from (select * from accounts where %s) a
        cross join lateral (
          select (a.type = 'upstream' and a.api_key_sealed is not null)
            or (a.access_sealed is not null and a.expires_at > clock_timestamp()
              and coalesce(a.generation > a.rejected_generation, true)) as valid
        ) token
        left join lateral (
          select max((b.value ->> 'until')::timestamptz)
              filter (where b.key not in ('refresh_failed', 'outcome_unknown')) as withheld,
            max((b.value ->> 'until')::timestamptz)
              filter (where b.key in ('refresh_failed', 'outcome_unknown')) as resting
          from jsonb_each(a.benches) b
          where (b.value ->> 'until')::timestamptz > clock_timestamp()
        ) bench on a.benches <> '{}'
        left join lateral (
          select greatest(
            resting, case when a.not_before > clock_timestamp() then a.not_before end) as rests
        ) rest on true
        left join lateral (
          select true as closed,
            max(case when w.kind in ('proxy_disabled', 'proxy_missing') then null
              else w.probe_at end) as probe_at
          from ways w
          where case
            when w.kind in ('proxy', 'proxy_disabled', 'proxy_missing') then w.proxy_id = a.proxy_id
            when w.kind = 'route' then w.platform = a.platform
              and w.proxy_id is not distinct from a.proxy_id
            else w.platform = a.platform end
          having count(*) > 0
        ) way on a.type = 'oauth'
      )
      """
          .formatted(VISIBLE);

  private static final String COUNTED =
      """
      select pool, jsonb_object_agg(state, n) as counts, min(back) as next_recovery
      from (
        select pool, state, count(*) as n,
          min(back) filter (where state in ('benched', 'suspended')
            and back > clock_timestamp()) as back
        from %s group by pool, state
      ) states
      group by pool
      """;

  static final String OF_ONE =
      STATES
          + COUNTED.formatted(
              "(select $4::text as pool, state, back from told"
                  + " where platform = $4 or pools @> array[$4]) members");

  static final String LIST =
      STATES
          + """
          , counted as (
            %s
          )
          select n.pool, counts, next_recovery
          from (
            select pool from counted
            union
            select name from unnest($6::text[]) name
          ) n (pool)
          left join counted using (pool)
          where n.pool collate "C" > $4
          order by n.pool collate "C" limit $5
          """
              .formatted(
                  COUNTED.formatted(
                      """
                      told, unnest(pools || platform) pool
                      where not $1::boolean or pool = any ($2::text[])
                        or id = any ($3::bigint[])\
                      """));
}
