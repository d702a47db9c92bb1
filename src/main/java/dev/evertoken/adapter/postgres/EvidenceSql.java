package dev.evertoken.adapter.postgres;

/** The statements of the evidence against the ways; each changes one row, or is no write at all. */
final class EvidenceSql {

  private EvidenceSql() {}

  /** The last twenty, by their times. */
  static String lastOf(String entries) {
    return """
    (select coalesce(jsonb_agg(e order by e ->> 'at', n), '[]') from (
      select e, n from jsonb_array_elements(%s) with ordinality x (e, n)
      order by e ->> 'at' desc, n desc limit 20) last_ones)\
    """
        .formatted(entries);
  }

  /** Those that are not older than that. */
  static String since(String entries, String time) {
    return """
    (select coalesce(jsonb_agg(e order by n), '[]')
     from jsonb_array_elements(%s) with ordinality x (e, n)
     where (e ->> 'at')::timestamptz >= %s)\
    """
        .formatted(entries, time);
  }

  /** Whether one is older than that. */
  static String anyBefore(String entries, String time) {
    return """
    exists (
      select 1 from jsonb_array_elements(%s) e where (e ->> 'at')::timestamptz < %s)\
    """
        .formatted(entries, time);
  }

  /** The latest success of each of the two accounts that succeeded last. */
  static String latestTwo(String successes) {
    return """
    (select coalesce(jsonb_agg(e order by e ->> 'at'), '[]') from (
      select e from (
        select distinct on (e -> 'account') e from jsonb_array_elements(%s) e
        order by e -> 'account', e ->> 'at' desc
      ) each_account
      order by e ->> 'at' desc limit 2) two)\
    """
        .formatted(successes);
  }

  /** One for each time, with what all that began then counted; none older than a minute. */
  private static String sums(String buckets) {
    return """
    (select coalesce(jsonb_agg(jsonb_build_object('start', start, 'exchanges', exchanges,
        'failures', failures) order by start), '[]')
     from (
       select b ->> 'start' as start, sum((b ->> 'exchanges')::int) as exchanges,
         sum((b ->> 'failures')::int) as failures
       from jsonb_array_elements(%s) b
       where (b ->> 'start')::timestamptz >= clock_timestamp() - interval '1 minute'
       group by 1) each_time)\
    """
        .formatted(buckets);
  }

  private static final String COLUMNS =
      "platform, proxy_id, evidence, successes, " + sums("buckets") + " as buckets";

  private static final String ONE_WAY = "(coalesce(platform, ''), coalesce(proxy_id, 0))";

  private static final String THIS_WAY =
      "coalesce(platform, '') = coalesce($1::text, '') and coalesce(proxy_id, 0) = coalesce($2::bigint, 0)";

  /** Those of which a judgement could be asked. */
  static final String RECORDS =
      """
      select * from (select %s from ways) known where evidence <> '[]' or buckets <> '[]'
      """
          .formatted(COLUMNS);

  static final String FAILED =
      """
      insert into ways as w (platform, proxy_id, evidence)
      values ($1, $2, jsonb_build_array($3::jsonb))
      on conflict %s do update
        set evidence = %s, updated_at = clock_timestamp()
      returning %s
      """
          .formatted(ONE_WAY, lastOf("w.evidence || excluded.evidence"), COLUMNS);

  static final String UNDERSTOOD =
      """
      update ways set evidence = %s, updated_at = clock_timestamp()
      where %s and %s
      """
          .formatted(
              since("evidence", "$3::timestamptz"),
              THIS_WAY,
              anyBefore("evidence", "$3::timestamptz"));

  /** $1 has one entry for each way; in their order, so that two nodes never wait for each other. */
  static final String COUNT =
      """
      insert into ways as w (platform, proxy_id, buckets, successes)
      select t ->> 'platform', (t ->> 'proxy')::bigint, %s, %s
      from jsonb_array_elements($1::jsonb) t order by 1, 2
      on conflict %s do update
        set buckets = %s, successes = %s, updated_at = clock_timestamp()
      """
          .formatted(
              sums("t -> 'buckets'"),
              latestTwo("t -> 'successes'"),
              ONE_WAY,
              sums("w.buckets || excluded.buckets"),
              latestTwo("w.successes || excluded.successes"));

  private static final String CAN_REFRESH =
      "deleted_at is null and status = 'active' and refresh_sealed is not null";

  /** Whether an account with that condition, other than those of $1, could refresh. */
  private static String othersCouldRefresh(String condition) {
    return """
    select exists (
      select 1 from accounts where %s and not %s and id <> all ($1::bigint[]) and %s) as others
    """
        .formatted(CAN_REFRESH, AccountSql.FAILS_BY_ITSELF, condition);
  }

  static final String OTHERS_OF_DIRECT_ROUTE =
      othersCouldRefresh("platform = $2 and proxy_id is null");
  static final String OTHERS_OF_ROUTE = othersCouldRefresh("platform = $2 and proxy_id = $3");
  static final String OTHERS_OF_PROXY = othersCouldRefresh("proxy_id = $2");
  static final String OTHERS_OF_PLATFORM = othersCouldRefresh("platform = $2");

  static final String RECORD =
      """
      select %s from ways where %s
      """
          .formatted(COLUMNS, THIS_WAY);
}
