package dev.evertoken.adapter.postgres;

/** The statements of the accounts, and the pieces that other statements on that table share. */
final class AccountSql {

  private AccountSql() {}

  /** Set by every write that a reader could see: orders what is read, and tells the change feed. */
  static final String STEP = "revision = revision + 1, changed_xid = pg_current_xact_id()";

  static final String CHANGED = STEP + ", updated_at = clock_timestamp()";

  /** The claim is given up. */
  static final String NO_CLAIM =
      "claim_attempt = null, claim_node = null, claim_trigger = null, claim_rt_seq = null,"
          + " claim_at = null, claim_until = null";

  /** Whether an answer that nobody can read lies in an escrow. */
  static final String UNREADABLE = "(unreadable_since is not null and unknown_since is not null)";

  /** Whether the account fails for reasons of its own. */
  static final String FAILS_BY_ITSELF =
      """
      (coalesce((history ->> 'own')::boolean, false)
        and last_refresh ->> 'result' is distinct from 'success')\
      """;

  /** The access token that the row keeps was refused upstream; a new generation changes nothing. */
  static final String STAYS_REJECTED =
      "rejected_generation = case when rejected_generation >= generation then %s"
          + " else rejected_generation end";

  /** Now, in the form of {@link Stamps#text}. */
  static final String NOW_TEXT =
      "to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

  static final String DELETED =
      "select 1 from accounts where id = $1 and incarnation = $2 and deleted_at is not null";

  static final String FIND =
      "select %s from accounts where id = $1 and deleted_at is null".formatted(AccountRows.COLUMNS);

  /**
   * The refresh tokens of an account whose token is replaced or which is deleted: one that may have
   * been sent counts as spent, another is forgotten and may come back. Wants {@code old_account}.
   */
  static final String LET_GO =
      """
      forgotten as (
        delete from refresh_tokens t using old_account o
        where t.platform = o.old_platform and t.rt_mac = o.old_mac and not o.maybe_sent
      ), spent as (
        update refresh_tokens t set spent_at = clock_timestamp() from old_account o
        where t.platform = o.old_platform and t.rt_mac = o.old_mac and o.maybe_sent
          and t.spent_at is null
      )\
      """;

  static final String DELETE =
      """
      with old_account as (
        select id as old_id, platform as old_platform, rt_mac as old_mac,
          refresh_sealed as old_refresh_sealed,
          claim_attempt is not null or unknown_since is not null as maybe_sent
        from accounts
        where id = $1 and deleted_at is null and ($2::bigint is null or revision = $2)
        for update
      ), %s, gone as (
        update accounts set deleted_at = clock_timestamp(), access_sealed = null,
          refresh_sealed = null, api_key_sealed = null, rt_mac = null, refresh_due_at = null,
          not_before = null, %s, %s
        from old_account where id = old_id
        returning %s, old_refresh_sealed
      )
      select * from gone
      """
          .formatted(LET_GO, NO_CLAIM, CHANGED, AccountRows.COLUMNS);

  /** What is known of an idempotency key: which account it made, for which request. */
  static final String MADE_BEFORE =
      """
      select account_id, request_hash from idempotency_keys
      where actor = $1 and key = $2 and created_at > clock_timestamp() - interval '24 hours'
      """;

  /** Zero rows: the idempotency key was used before. A refresh token in use or spent: 23505. */
  static final String CREATE =
      """
      with new_id as (
        select nextval(pg_get_serial_sequence('accounts', 'id')) as id
      ), first as (
        insert into idempotency_keys (actor, key, request_hash, account_id)
        select $1, $2, $3, id from new_id where $1::text is not null
        on conflict (actor, key) do update
          set request_hash = excluded.request_hash, account_id = excluded.account_id,
            created_at = clock_timestamp()
          where idempotency_keys.created_at <= clock_timestamp() - interval '24 hours'
        returning account_id
      ), made as (
        insert into accounts (id, incarnation, platform, type, name, status, paused, priority,
          pools, proxy_id, project_id, email, access_sealed, refresh_sealed, api_key_sealed, rt_mac,
          expires_at, rules, refresh_expires_at, refresh_idle_at, refresh_due_at)
        select id, $4, $5, $6, $7, 'active', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
          $20::jsonb, $21::timestamptz, $22::timestamptz,
          case when $17::bytea is not null then coalesce($19::timestamptz, clock_timestamp()) end
        from new_id where $1::text is null or exists (select 1 from first)
        returning %s, rt_mac
      ), held as (
        insert into refresh_tokens (platform, rt_mac, account_id)
        select platform, rt_mac, id from made where rt_mac is not null
      )
      select * from made
      """
          .formatted(AccountRows.COLUMNS);

  /** Who has or had that refresh token. */
  static final String TOKEN =
      "select account_id, spent_at from refresh_tokens where platform = $1 and rt_mac = $2";

  /** Ends the benches that failed refreshes set, and says so to evidence that comes late. */
  static final String REFRESH_BENCHES_ENDED =
      """
      benches = benches - 'refresh_failed' - 'outcome_unknown',
      bench_cleared = bench_cleared
        || jsonb_build_object('refresh_failed', %1$s, 'outcome_unknown', %1$s)\
      """
          .formatted(NOW_TEXT);

  static final String CLEAR_ERROR =
      """
      update accounts set status = case status when 'error' then 'active' else status end,
        error = null, history = null,
        not_before = case when unknown_since is null then null else not_before end,
        refresh_due_at = case when refresh_sealed is not null
          then coalesce(refresh_due_at, clock_timestamp()) end,
        %s, %s
      where id = $1 and deleted_at is null
      returning %s
      """
          .formatted(REFRESH_BENCHES_ENDED, CHANGED, AccountRows.COLUMNS);

  /**
   * Where it is not known whether the refresh token was spent, the one try waits for the last
   * moments of the token that is refused here: it may be made at once.
   */
  static final String REJECT =
      """
      update accounts set rejected_generation = $2, rejected_at = clock_timestamp(),
        not_before = case when unknown_since is not null and unknown_tries <= 1 then null
          else not_before end,
        refresh_due_at = case when refresh_sealed is not null
          then least(refresh_due_at, clock_timestamp()) end,
        %s
      where id = $1 and deleted_at is null and generation = $2
      returning %s
      """
          .formatted(CHANGED, AccountRows.COLUMNS);

  static final String STORE_PROJECT =
      """
      update accounts set project_id = $3, %s
      where id = $1 and incarnation = $2 and deleted_at is null
        and project_id is not distinct from $4
      returning %s
      """
          .formatted(CHANGED, AccountRows.COLUMNS);

  static final String CLAIM_PROJECT_LOOKUP =
      """
      update accounts set
        project_not_before = clock_timestamp() + $3::bigint * interval '1 millisecond', %s
      where id = $1 and incarnation = $2 and deleted_at is null
        and (project_not_before is null or project_not_before <= clock_timestamp())
      returning id
      """
          .formatted(STEP);

  static final String CLAIM_FORCED =
      """
      update accounts set forced_at = clock_timestamp(), %s
      where id = $1 and deleted_at is null and (forced_at is null
        or forced_at <= clock_timestamp() - $2::bigint * interval '1 millisecond')
      returning id
      """
          .formatted(STEP);

  static final String FORCED =
      """
      select forced_at + $2::bigint * interval '1 millisecond' as free_at from accounts
      where id = $1 and deleted_at is null
      """;
}
