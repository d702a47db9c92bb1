package dev.evertoken.adapter.postgres;

/** The statements of the suspensions and their probes. */
final class SuspensionSql {

  private SuspensionSql() {}

  private static final String THIS_ONE =
      """
      kind = $1 and coalesce(platform, '') = coalesce($2::text, '')
        and coalesce(proxy_id, 0) = coalesce($3::bigint, 0)\
      """;

  static final String ALL =
      """
      select kind, platform, proxy_id, reason, since, probe_at, outage_since, failed_probes
      from suspended_ways order by since
      """;

  /** One that is there keeps its beginning; after a further failed probe the new time counts. */
  static final String SUSPEND =
      """
      insert into suspensions as s
        (kind, platform, proxy_id, reason, since, probe_at, outage_since, failed_probes)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (kind, coalesce(platform, ''), coalesce(proxy_id, 0)) do update
        set reason = excluded.reason,
          probe_at = case when excluded.failed_probes > s.failed_probes then excluded.probe_at
            else greatest(s.probe_at, excluded.probe_at) end,
          outage_since = least(coalesce(s.outage_since, s.since), excluded.outage_since),
          failed_probes = greatest(s.failed_probes, excluded.failed_probes),
          probe_until = null, probe_account = null
      returning xmax = 0 as is_new
      """;

  static final String RELEASE_PROBE =
      "update suspensions set probe_until = null, probe_account = null where " + THIS_ONE;

  /** The last hundred: they go round long before. */
  static final String PROBE_FAILED =
      """
      update suspensions set probed = (
        select jsonb_object_agg(key, value) from (
          select key, value from jsonb_each(
            probed || jsonb_build_object($4::bigint::text, %s))
          order by value #>> '{}' desc limit 100) latest)
      where %s
      """
          .formatted(AccountSql.NOW_TEXT, THIS_ONE);

  /** The ways of it lose their evidence; a platform's routes are probed at once. */
  static final String LIFT =
      """
      with ended as (
        delete from suspensions where %s returning kind, platform, proxy_id
      ), cleared as (
        update ways w set evidence = '[]', buckets = '[]', updated_at = clock_timestamp()
        from ended e
        where (w.evidence <> '[]' or w.buckets <> '[]') and case
          when e.kind in %s then w.platform is null and w.proxy_id = e.proxy_id
          when e.kind in %s then w.platform = e.platform
            and w.proxy_id is not distinct from e.proxy_id
          else w.platform = e.platform end
      ), due as (
        update suspensions s set probe_at = least(s.probe_at, clock_timestamp())
        from ended e
        where e.kind not in %s and e.kind not in %s
          and s.platform = e.platform and s.kind in %s
      )
      select kind from ended
      """
          .formatted(
              THIS_ONE,
              WayKinds.OF_A_PROXY,
              WayKinds.OF_A_ROUTE,
              WayKinds.OF_A_PROXY,
              WayKinds.OF_A_ROUTE,
              WayKinds.OF_A_ROUTE);

  /** How many candidates of each kind are compared, of those that have waited for longest. */
  private static final int CANDIDATES = 1_000;

  private static final String HAS_TOKEN =
      "(not " + AccountStates.NOTHING_TO_GIVE + " and coalesce(expires_at > now(), false))";

  private static final String RESTS =
      "(coalesce(not_before > now(), false) or " + AccountSql.UNREADABLE + ")";

  /** Live, with a refresh token, and not being refreshed now. */
  private static final String MAY_PROBE =
      """
      deleted_at is null and status = 'active' and refresh_sealed is not null
            and claim_attempt is null and ($1 <> 'unreadable' or not %s)\
      """
          .formatted(HAS_TOKEN);

  /**
   * Takes the probe and chooses its account. A row that another node is writing is passed over, so
   * that two never get it. Each kind of candidate is found by an index of its own: who is due,
   * whose token has ended, who has none.
   *
   * @param covered a condition on the accounts that the suspension covers
   */
  private static String claimProbe(String covered) {
    return """
    with open as (
      select probed from suspensions
      where %1$s and probe_at <= clock_timestamp()
        and (probe_until is null or probe_until <= clock_timestamp())
      for update skip locked
    ), candidates as (
      %2$s union %3$s union %4$s union %5$s
    ), chosen as (
      select id from candidates cross join open
      order by rests, %6$s, open.probed ->> candidates.id::text nulls first,
        coalesce(last_refresh ->> 'result' = 'success', false) desc,
        refresh_due_at nulls last, id
      limit 1
    ), claimed as (
      update suspensions s
      set probe_until = clock_timestamp() + $4::bigint * interval '1 millisecond',
        probe_account = chosen.id
      from chosen where %1$s
      returning probe_account
    )
    select %7$s from accounts where id = (select probe_account from claimed)
    """
        .formatted(
            THIS_ONE,
            candidates(covered + " and refresh_due_at <= now() and not " + RESTS, "refresh_due_at"),
            candidates(
                covered + " and expires_at <= now() and not " + AccountSql.UNREADABLE,
                "expires_at"),
            candidates(
                covered
                    + " and "
                    + AccountStates.NOTHING_TO_GIVE
                    + " and not "
                    + AccountSql.UNREADABLE,
                "id"),
            candidates(covered + " and id = $5::bigint", "id"),
            AccountSql.FAILS_BY_ITSELF,
            AccountRows.COLUMNS);
  }

  private static String candidates(String condition, String order) {
    return """
    (select id, refresh_due_at, history, last_refresh, %s as rests from accounts
          where %s and %s and exists (select 1 from open)
          order by %s limit %d)\
    """
        .formatted(RESTS, MAY_PROBE, condition, order, CANDIDATES);
  }

  static final String PROBE_OF_PROXY = claimProbe("proxy_id = $3");
  static final String PROBE_OF_PLATFORM = claimProbe("platform = $2");
  static final String PROBE_OF_ROUTE = claimProbe("platform = $2 and proxy_id = $3");
  static final String PROBE_OF_DIRECT_ROUTE = claimProbe("platform = $2 and proxy_id is null");
}
