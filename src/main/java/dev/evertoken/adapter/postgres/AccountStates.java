package dev.evertoken.adapter.postgres;

/**
 * The accounts that no pool can pick now, for the statements that count: in the words of {@link
 * dev.evertoken.domain.Candidate#state}, and as it tells when they may be back.
 *
 * <p>They are found by the indexes of what is out of the ordinary, so that the cost follows how
 * many that are. Who is not among them is usable.
 */
final class AccountStates {

  private AccountStates() {}

  /** As the index of these rows has it. */
  static final String EXCEPTIONAL = "(status <> 'active' or paused or benches <> '{}')";

  /** As the index of these rows has it. */
  static final String NOTHING_TO_GIVE =
      """
      not coalesce(
        case type when 'upstream' then api_key_sealed is not null
          else access_sealed is not null and expires_at is not null
            and coalesce(generation > rejected_generation, true) end, false)\
      """;

  private static final String COLUMNS =
      """
      id, platform, pools, type, status, paused, proxy_id, benches, not_before,
          %s as unread, (%s) or coalesce(type = 'oauth' and expires_at <= now(), false) as empty\
      """
          .formatted(AccountSql.UNREADABLE, NOTHING_TO_GIVE);

  /** Each of {@code odd} that no operator or refusal keeps out: its state, and when it is back. */
  private static final String JUDGED =
      """
      select a.id, a.platform, a.pools,
        case
          when withheld is not null then 'benched'
          when not a.empty then 'usable'
          when rests is not null or a.unread or a.type = 'upstream' then 'benched'
          when closed then 'suspended'
          else 'usable'
        end as state,
        case when stays is not true and not a.unread then greatest(withheld, rests, probe_at) end as back
      from odd a
      cross join lateral (
        select max((b.value ->> 'until')::timestamptz)
            filter (where b.key not in ('refresh_failed', 'outcome_unknown')) as withheld,
          max((b.value ->> 'until')::timestamptz)
            filter (where b.key in ('refresh_failed', 'outcome_unknown')) as resting
        from jsonb_each(a.benches) b
        where (b.value ->> 'until')::timestamptz > now()
      ) bench
      left join lateral (
        select greatest(resting, case when a.not_before > now() then a.not_before end) as rests
      ) rest on a.type = 'oauth'
      left join lateral (
        select true as closed, bool_or(w.kind in ('proxy_disabled', 'proxy_missing')) as stays,
          max(w.probe_at) as probe_at
        from ways w
        where %s
        having count(*) > 0
      ) way on a.type = 'oauth'
      where a.status = 'active' and not a.paused\
      """
          .formatted(WayKinds.covers("a.platform", "a.proxy_id"));

  /**
   * The platforms, by skipping from one to the next in the index that also finds whose token has
   * ended: where there is none of a platform, nobody's has.
   */
  private static final String PLATFORMS =
      """
      with recursive platforms as (
        (
          select platform from accounts
          where deleted_at is null and status = 'active' and expires_at is not null
          order by platform limit 1
        )
        union all
        select (
          select platform from accounts
          where deleted_at is null and status = 'active' and expires_at is not null
            and platform > p.platform
          order by platform limit 1
        )
        from platforms p where p.platform is not null
      )
      """;

  /**
   * The common table expressions up to {@code told} (platform, pools, named, state, n, back): how
   * many of one platform, pools and state there are, and when the first may be back.
   *
   * @param wanted a condition on the accounts that count
   * @param named a condition by which they are counted apart
   */
  static String told(String wanted, String named) {
    return PLATFORMS + judged(odd(wanted), named);
  }

  /**
   * The same of the accounts of one pool, which are not looked for among all that is out of the
   * ordinary while they are few.
   *
   * @param members selects their ids (account_id), or the first of them
   * @param few whether these are all that there are
   * @param inThePool a condition on the account
   */
  static String toldOfPool(
      String members, String few, String inThePool, String wanted, String named) {
    return PLATFORMS
        + ", members as materialized (%s)\n".formatted(members)
        + judged(
            ofMembers(few + " and " + wanted) + unlessFew(few, odd(inThePool + " and " + wanted)),
            named);
  }

  /** Each is fetched by its id, however many the planner takes them to be. */
  private static String ofMembers(String wanted) {
    return """
    select %1$s from members cross join lateral (
      select * from accounts where id = members.account_id offset 0
    ) a
    where deleted_at is null and %2$s
      and (%3$s or (%4$s) or (expires_at <= now() and type = 'oauth'))
    union all
    """
        .formatted(COLUMNS, wanted, EXCEPTIONAL, NOTHING_TO_GIVE);
  }

  /** Whole or not at all: the planner would start workers before it asks. */
  private static String unlessFew(String few, String odd) {
    return """
    select * from (
    %soffset 0) many where not %s
    """
        .formatted(odd, few);
  }

  /** Those that may be out. */
  private static String odd(String wanted) {
    return """
    select %1$s from accounts
    where deleted_at is null and %2$s and %4$s
    union all
    select %1$s from accounts
    where deleted_at is null and status = 'active' and %3$s and not %2$s and %4$s
    union all
    select a.* from platforms p cross join lateral (
      select %1$s from accounts
      where deleted_at is null and status = 'active' and expires_at is not null
        and platform = p.platform and expires_at <= now() and type = 'oauth'
        and not (%3$s) and not %2$s and %4$s
      offset 0
    ) a
    """
        .formatted(COLUMNS, EXCEPTIONAL, NOTHING_TO_GIVE, wanted);
  }

  private static String judged(String odd, String named) {
    return """
    , ways as materialized (
      select kind, platform, proxy_id, probe_at from suspended_ways
    ), odd as materialized (
    %1$s), told as (
      select platform, pools, named, state, count(*) as n, min(back) as back
      from (
        select id, platform, pools, %2$s as named,
          case when status = 'active' then 'paused' else status end as state,
          null::timestamptz as back
        from odd where status <> 'active' or paused
        union all
        select id, platform, pools, %2$s, state, case when back > now() then back end
        from (%3$s) judged where state <> 'usable'
      ) each_one
      group by platform, pools, named, state
    )
    """
        .formatted(odd, named, JUDGED);
  }
}
