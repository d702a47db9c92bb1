package dev.evertoken.adapter.postgres;

/** The statements of the refresh claims; what each compares is semantics, section 8. */
final class ClaimSql {

  private ClaimSql() {}

  static final String TAKE =
      """
      with taken as (
        update accounts set claim_attempt = $2, claim_node = $3, claim_trigger = $4,
          claim_rt_seq = rt_seq, claim_at = clock_timestamp(),
          claim_until = clock_timestamp() + $5::bigint * interval '1 millisecond', %s
        where id = $1 and incarnation = $6 and generation = $7 and rt_seq = $8
          and deleted_at is null and status = 'active' and claim_attempt is null
          and ($9::boolean
            or coalesce(not_before <= clock_timestamp(), true) and not %s)
        returning %s, refresh_sealed
      )
      select taken.*, %s
      from taken left join proxies p on p.id = taken.proxy_id and not p.disabled
      """
          .formatted(
              AccountSql.STEP, AccountSql.UNREADABLE, AccountRows.COLUMNS, ProxyRows.COLUMNS);

  /** What a claim that was not taken met. */
  static final String MET =
      """
      select %s, coalesce(not_before > clock_timestamp(), false) or %s as resting from accounts
      where id = $1 and incarnation = $2 and deleted_at is null
      """
          .formatted(AccountRows.COLUMNS, AccountSql.UNREADABLE);

  static final String EXTEND =
      """
      update accounts set claim_until = clock_timestamp() + $3::bigint * interval '1 millisecond',
        %s
      where id = $1 and claim_attempt = $2 and rt_seq = claim_rt_seq and deleted_at is null
      returning id
      """
          .formatted(AccountSql.STEP);

  static final String RELEASE =
      """
      update accounts set %s, %s where id = $1 and claim_attempt = $2
      returning id
      """
          .formatted(AccountSql.NO_CLAIM, AccountSql.STEP);

  /** The same for claims that were perhaps taken; nothing was sent under them. */
  static final String GIVE_BACK =
      """
      update accounts set %s, %s
      where deleted_at is null and claim_attempt is not null and claim_attempt = any ($1::uuid[])
      """
          .formatted(AccountSql.NO_CLAIM, AccountSql.STEP);

  /**
   * What was judged holds for its generation only; but that nobody knows whether the refresh token
   * was spent holds as long as the row has this token, whatever access token it was given
   * meanwhile.
   */
  static final String SETTLE =
      """
      update accounts set %s, reserved_until = null, last_refresh = $4::jsonb,
        not_before = coalesce($5, not_before), refresh_due_at = coalesce($6, refresh_due_at),
        status = case when $7::jsonb is not null and status = 'active' then 'error'
          else status end,
        error = coalesce($7::jsonb, error),
        unknown_since = case when $7::jsonb is not null then null
          when $8::boolean then coalesce(unknown_since, claim_at) else unknown_since end,
        unknown_tries = case when $7::jsonb is not null then 0
          when $8::boolean then unknown_tries + 1 else unknown_tries end,
        unreadable_since = case when $7::jsonb is not null then null
          when not $13::boolean then unreadable_since
          when unknown_since is null then clock_timestamp()
          else coalesce(unreadable_since, clock_timestamp()) end,
        history = $14::jsonb,
        benches = case when $9::text is not null and %s then %s else benches end,
        %s
      where id = $1 and claim_attempt = $2 and deleted_at is null
        and (generation = $3 or ($8::boolean and rt_seq = claim_rt_seq))
      returning %s
      """
          .formatted(
              AccountSql.NO_CLAIM,
              BenchSql.moves("$9::text", "$11::timestamptz", "$12::timestamptz"),
              BenchSql.with("$9::text", "$10::jsonb"),
              AccountSql.CHANGED,
              AccountRows.COLUMNS);

  static final String SETTLE_LAPSED =
      """
      update accounts set %s, reserved_until = null,
        not_before = coalesce($4, not_before), refresh_due_at = coalesce($5, refresh_due_at),
        unknown_since = case when $3::boolean then coalesce(unknown_since, claim_at)
          else unknown_since end,
        unknown_tries = unknown_tries + $3::boolean::int,
        last_refresh = jsonb_build_object('attempt', claim_attempt, 'at', %s,
          'result', case when $3::boolean then 'outcome_unknown' else 'transient' end,
          'trigger', claim_trigger,
          'duration_ms', (extract(epoch from clock_timestamp() - claim_at) * 1000)::bigint,
          'detail', 'The node that refreshed it was cut off before it stored an outcome.'),
        %s
      where id = $1 and claim_attempt = $2 and claim_until <= clock_timestamp()
        and deleted_at is null
      returning %s
      """
          .formatted(
              AccountSql.NO_CLAIM, AccountSql.NOW_TEXT, AccountSql.CHANGED, AccountRows.COLUMNS);

  /** Not on one of these proxies, nor on one of these routes; no proxy is 0. */
  private static final String OPEN =
      """
      (proxy_id is null or proxy_id <> all (%1$s::bigint[]))
        and (platform, coalesce(proxy_id, 0)) not in (
          select * from unnest(%2$s::text[], %3$s::bigint[]))\
      """;

  /**
   * Of each platform so many due rows on open ways, and lapsed claims, which are settled whatever
   * is closed; rows that another node is reserving now are passed over.
   */
  static final String RESERVE_DUE =
      """
      with room as (
        select * from unnest($1::text[], $2::int[]) as of_platform (name, places)
      ), due as (
        select urgent.id from room cross join lateral (
          select id from accounts
          where platform = room.name and deleted_at is null and status = 'active'
            and refresh_due_at <= now()
            and (reserved_until is null or reserved_until <= now())
            and (not_before is null or not_before <= now())
            and (claim_attempt is null or claim_until <= now())
            and not %s and %s
          order by refresh_due_at limit room.places for update skip locked
        ) urgent
      ), lapsed as (
        select id from accounts
        where deleted_at is null and status = 'active' and platform = any ($1)
          and claim_attempt is not null and claim_until <= now()
          and (reserved_until is null or reserved_until <= now())
        order by claim_until limit $4 for update skip locked
      ), page as (
        select id as page_id from lapsed union select id from due
      )
      update accounts set reserved_until = now() + $3::bigint * interval '1 millisecond'
      from page where id = page_id
      returning %s
      """
          .formatted(AccountSql.UNREADABLE, OPEN.formatted("$5", "$6", "$7"), AccountRows.COLUMNS);

  /** How many accounts that fall due next are looked through for one on an open way. */
  static final int LATER = 500;

  /**
   * Rows that are due but rest, are claimed or reserved count from the end of that. $2 are the
   * platforms that are open. Where none of the next $6 is on an open way, the last of them is the
   * time to look again.
   */
  static final String NEXT_DUE =
      """
      select least(
        (select min(greatest(refresh_due_at, not_before, reserved_until, claim_until))
         from accounts
         where deleted_at is null and status = 'active' and platform = any ($2::text[])
           and refresh_due_at <= now() and not %2$s and %1$s),
        (select min(later.at)
         from unnest($2::text[]) as of_platform (name) cross join lateral (
           select coalesce(min(refresh_due_at) filter (where open),
             case when count(*) = $6::int then max(refresh_due_at) end) as at
           from (
             select refresh_due_at, not %2$s and %1$s as open from accounts
             where platform = of_platform.name and deleted_at is null and status = 'active'
               and refresh_due_at > now()
             order by refresh_due_at limit $6::int
           ) next
         ) later),
        (select min(greatest(claim_until, reserved_until)) from accounts
         where deleted_at is null and status = 'active' and platform = any ($1::text[])
           and claim_attempt is not null)) as next_due
      """
          .formatted(OPEN.formatted("$3", "$4", "$5"), AccountSql.UNREADABLE);
}
