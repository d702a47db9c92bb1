package dev.evertoken.adapter.postgres;

/** The statements of the benches. */
final class BenchSql {

  private BenchSql() {}

  /** Whether a bench ends later than the one of its cause, and is not of before its last clear. */
  static String moves(String cause, String until, String evidence) {
    return """
    coalesce((benches -> %1$s ->> 'until')::timestamptz, '-infinity') < %2$s
    and coalesce((bench_cleared ->> %1$s)::timestamptz, '-infinity') < %3$s\
    """
        .formatted(cause, until, evidence);
  }

  /** The benches with that one set; one that is still active keeps the time since when it holds. */
  static String with(String cause, String bench) {
    return """
    benches || jsonb_build_object(%1$s, %2$s
      || case when (benches -> %1$s ->> 'until')::timestamptz > clock_timestamp()
        then jsonb_build_object('since', benches -> %1$s -> 'since') else '{}' end)\
    """
        .formatted(cause, bench);
  }

  static final String SET =
      "update accounts set benches = "
          + with("$2::text", "$3::jsonb")
          + ", "
          + AccountSql.CHANGED
          + " where id = $1 and deleted_at is null and "
          + moves("$2::text", "$4::timestamptz", "$5::timestamptz")
          + " returning "
          + AccountRows.COLUMNS;

  /**
   * With an active {@code refresh_failed} goes the rest that its failure ordered; that of an
   * unknown outcome stays, as it guards the refresh token.
   */
  private static final String REST_ENDED =
      """
      not_before = case when %1$s and unknown_since is null then null else not_before end,
      refresh_due_at = case when %1$s and refresh_sealed is not null and unknown_since is null
        then least(refresh_due_at, clock_timestamp()) else refresh_due_at end\
      """;

  static final String CLEAR =
      """
      update accounts set benches = benches - $2::text[],
        bench_cleared = bench_cleared || (
          select jsonb_object_agg(cause, %s) from unnest($2::text[]) cause),
        %s, %s
      where id = $1 and deleted_at is null and exists (
        select 1 from unnest($2::text[]) cause
        where (benches -> cause ->> 'until')::timestamptz > clock_timestamp())
      returning %s
      """
          .formatted(
              AccountSql.NOW_TEXT,
              REST_ENDED.formatted(
                  """
                  ('refresh_failed' = any ($2::text[]) and coalesce(
                    (benches -> 'refresh_failed' ->> 'until')::timestamptz > clock_timestamp(),
                    false))\
                  """),
              AccountSql.CHANGED,
              AccountRows.COLUMNS);

  /** Those that fail for reasons of their own are not helped by what helped their neighbours. */
  static final String CLEAR_OUTAGE =
      """
      update accounts set benches = benches - 'refresh_failed',
        bench_cleared = bench_cleared || jsonb_build_object('refresh_failed', %s),
        %s, %s
      where deleted_at is null and benches -> 'refresh_failed' ->> 'route' = $1
        and (benches -> 'refresh_failed' ->> 'since')::timestamptz >= $2::timestamptz and not %s
        and (benches -> 'refresh_failed' ->> 'until')::timestamptz > clock_timestamp()
      returning %s
      """
          .formatted(
              AccountSql.NOW_TEXT,
              REST_ENDED.formatted("true"),
              AccountSql.CHANGED,
              AccountSql.FAILS_BY_ITSELF,
              AccountRows.COLUMNS);
}
