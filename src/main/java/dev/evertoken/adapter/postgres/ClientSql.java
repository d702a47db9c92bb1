package dev.evertoken.adapter.postgres;

/** The statements of what is known of the client settings. */
final class ClientSql {

  private ClientSql() {}

  private static final String COLUMNS = "refusals, successes";

  static final String REFUSED =
      """
      insert into clients as c (platform, digest, refusals)
      values ($1, $2, jsonb_build_array($3::jsonb))
      on conflict (platform, digest) do update
        set refusals = %s, updated_at = clock_timestamp()
      returning %s
      """
          .formatted(EvidenceSql.lastOf("c.refusals || excluded.refusals"), COLUMNS);

  static final String WORKED =
      """
      insert into clients as c (platform, digest, successes)
      values ($1, $2, jsonb_build_array($3::jsonb))
      on conflict (platform, digest) do update
        set refusals = %s, successes = %s, updated_at = clock_timestamp()
      """
          .formatted(
              EvidenceSql.since("c.refusals", "$4::timestamptz"),
              EvidenceSql.latestTwo("c.successes || excluded.successes"));

  /**
   * $1 is the platform, $2 the digest, $3 since when, $4 the label of the benches. Found by the
   * indexes of who is not active, and of who is benched by an outage. Those that fail for reasons
   * of their own stay as they are.
   */
  static final String TAKE_BACK =
      """
      with codes as (
        select distinct r ->> 'code' as code
        from clients, jsonb_array_elements(refusals) r
        where platform = $1 and digest = $2 and (r ->> 'at')::timestamptz >= $3::timestamptz
      ), marked as (
        select id from accounts
        where deleted_at is null and status = 'error' and platform = $1
          and error ->> 'code' in (select code from codes)
          and (error ->> 'since')::timestamptz >= $3::timestamptz
        union
        select id from accounts
        where deleted_at is null and benches -> 'refresh_failed' ->> 'route' = $4
          and (benches -> 'refresh_failed' ->> 'since')::timestamptz >= $3::timestamptz
          and (benches -> 'refresh_failed' ->> 'until')::timestamptz > clock_timestamp()
      )
      update accounts set
        status = case when status = 'error' and %1$s then 'active' else status end,
        error = case when status = 'error' and %1$s then null else error end,
        benches = case when %2$s then benches - 'refresh_failed' else benches end,
        bench_cleared = bench_cleared || jsonb_build_object('refresh_failed', %3$s),
        not_before = case when unknown_since is null then null else not_before end,
        refresh_due_at = case when refresh_sealed is not null and unknown_since is null
          then least(refresh_due_at, clock_timestamp()) else refresh_due_at end,
        %4$s
      where id in (select id from marked) and deleted_at is null and not %5$s
        and (status = 'error' and %1$s or %2$s)
      returning %6$s
      """
          .formatted(
              """
              (error ->> 'code' in (select code from codes)
                and (error ->> 'since')::timestamptz >= $3::timestamptz)\
              """,
              """
              coalesce(benches -> 'refresh_failed' ->> 'route' = $4
                and (benches -> 'refresh_failed' ->> 'since')::timestamptz >= $3::timestamptz,
                false)\
              """,
              AccountSql.NOW_TEXT,
              AccountSql.CHANGED,
              AccountSql.FAILS_BY_ITSELF,
              AccountRows.COLUMNS);

  static final String FIRST_TODAY =
      """
      insert into unlike_template as u (platform, kind, told_on)
      values ($1, $2, (now() at time zone 'UTC')::date)
      on conflict (platform, kind) do update set told_on = excluded.told_on
        where u.told_on < excluded.told_on
      returning told_on
      """;
}
