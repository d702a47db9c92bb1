package dev.evertoken.adapter.postgres;

/** The statements that store the answer of a provider. */
final class CommitSql {

  private CommitSql() {}

  /**
   * The refresh token that this answer keeps was refused after the answer had been asked for: it
   * came late, out of an escrow, and does not make that token good again.
   */
  private static final String JUDGED_SINCE =
      """
      (status = 'error' and $8::bytea is null
        and coalesce((error ->> 'since')::timestamptz > ($14::jsonb ->> 'at')::timestamptz, false))\
      """;

  /** A new access token is not the one that was refused. */
  private static final String REJECTED =
      "rejected_generation = case when $6::bytea is null and rejected_generation >= generation"
          + " then generation + 1 else rejected_generation end";

  /**
   * $15 is the error of an account whose new refresh token another one holds: then it keeps none,
   * and $7 and $8 are null. $6 is null where the answer had no usable access token: then the row
   * keeps what it has.
   */
  static final String COMMIT =
      """
      with old_account as (
        select id as old_id, %s as stays,
          (status = 'error' and not %s) or exists (
            select 1 from jsonb_each(benches) b
            where b.key in ('refresh_failed', 'outcome_unknown')
              and (b.value ->> 'until')::timestamptz > clock_timestamp()) as troubled
        from accounts
        where id = $1 and incarnation = $2 and deleted_at is null and rt_seq = $4
          and rt_mac = $16::bytea and committed_attempt is distinct from $3
          and ($8::bytea is not null or $15::jsonb is not null or generation = $5
            or coalesce(expires_at, '-infinity') < $9::timestamptz)
        for update
      ), written as (
        update accounts set access_sealed = coalesce($6::bytea, access_sealed),
          token_type = case when $6::bytea is null then token_type else $17 end,
          expires_at = case when $6::bytea is null then expires_at else $9::timestamptz end,
          lifetime_ms = case when $6::bytea is null then lifetime_ms else $10 end,
          %s,
          generation = generation + 1,
          rt_seq = rt_seq + ($8::bytea is not null or $15::jsonb is not null)::int,
          refresh_sealed = case when $15::jsonb is null then coalesce($7::bytea, refresh_sealed) end,
          rt_mac = case when $15::jsonb is null then coalesce($8::bytea, rt_mac) end,
          refresh_expires_at =
            case when $15::jsonb is null then coalesce($18::timestamptz, refresh_expires_at) end,
          refresh_idle_at = case when $15::jsonb is null then $19::timestamptz end, %s,
          committed_attempt = $3,
          claim_node = case when claim_attempt = $3 then null else claim_node end,
          claim_trigger = case when claim_attempt = $3 then null else claim_trigger end,
          claim_rt_seq = case when claim_attempt = $3 then null else claim_rt_seq end,
          claim_at = case when claim_attempt = $3 then null else claim_at end,
          claim_until = case when claim_attempt = $3 then null else claim_until end,
          claim_attempt = case when claim_attempt = $3 then null else claim_attempt end,
          unknown_since = null, unknown_tries = 0, unreadable_since = null, history = null,
          reserved_until = null,
          status = case when status = 'disabled' then status
            when $15::jsonb is not null or stays then 'error' else 'active' end,
          error = case when $15::jsonb is null and stays then error else $15::jsonb end,
          not_before = $12,
          refresh_due_at = case when $15::jsonb is null then $11::timestamptz end,
          project_id = coalesce($13, project_id), last_refresh = $14::jsonb, %s, %s
        from old_account where id = old_id
        returning %s, troubled
      ), spent as (
        insert into refresh_tokens (platform, rt_mac, account_id, spent_at, refreshed)
        select platform, $16::bytea, id, clock_timestamp(), true from written
        where $8::bytea is not null or $15::jsonb is not null
        on conflict (platform, rt_mac) do update
          set spent_at = excluded.spent_at, refreshed = true
      ), held as (
        insert into refresh_tokens (platform, rt_mac, account_id)
        select platform, $8::bytea, id from written where $8::bytea is not null
      )
      select * from written
      """
          .formatted(
              JUDGED_SINCE,
              JUDGED_SINCE,
              REJECTED,
              RefreshEndSql.told(
                  "coalesce($18::timestamptz, refresh_expires_at)", "$19::timestamptz"),
              AccountSql.REFRESH_BENCHES_ENDED,
              AccountSql.CHANGED,
              AccountRows.COLUMNS);

  /**
   * What a commit that wrote nothing met, and whether the row's refresh token is the one that a
   * refresh from ours brought.
   */
  static final String MET =
      """
      select %s, committed_attempt, rt_seq = $3::bigint + 1 and exists (
          select 1 from refresh_tokens t
          where t.platform = accounts.platform and t.rt_mac = $4::bytea
            and t.account_id = accounts.id and t.refreshed) as sibling
      from accounts where id = $1 and incarnation = $2 and deleted_at is null
      """
          .formatted(AccountRows.COLUMNS);

  /** A provider gives a token again that was spent before: it says that it is good. */
  static final String GIVEN_AGAIN =
      "delete from refresh_tokens where platform = $1 and rt_mac = $2 and spent_at is not null";
}
