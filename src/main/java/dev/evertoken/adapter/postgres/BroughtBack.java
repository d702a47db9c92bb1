package dev.evertoken.adapter.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;

/**
 * Makes a database that was brought back from a backup fit to be served from: what callers, caches
 * and providers have seen since the backup never meets what happens from now on.
 *
 * <p>For a database that no node uses. May be repeated.
 */
final class BroughtBack {

  /** More revisions, generations and accounts than a backup can lack. */
  private static final long LEAP = 1_000_000;

  private static final int PAGE = 500;

  private static final String NEW_EPOCH = "update installation set epoch = gen_random_uuid()";

  private static final String NEW_IDS =
      """
      select setval(pg_get_serial_sequence('accounts', 'id'),
        greatest(nextval(pg_get_serial_sequence('accounts', 'id')),
          (select coalesce(max(id), 0) from accounts)) + $1)
      """;

  /** The end of the token that the row has, a bit before it; now where it has none. */
  private static final String NEAR_END =
      """
      coalesce(greatest(clock_timestamp(), expires_at
        - make_interval(secs => least(180, coalesce(lifetime_ms, 0) / 10000.0))), clock_timestamp())\
      """;

  /**
   * A refresh token that its provider replaces may have been spent since the backup: nobody knows.
   */
  private static final String DOUBT =
      """
      deleted_at is null and status = 'active' and refresh_sealed is not null
        and platform = any ($3) and unknown_since is null\
      """;

  private static final String ACCOUNTS =
      """
      with page as (
        select id as page_id, %1$s as doubted from accounts where id > $1 order by id limit %2$d
      ), changed as (
        update accounts set generation = generation + $2,
          rejected_generation = rejected_generation + $2,
          revision = revision + $2, changed_xid = pg_current_xact_id(), reserved_until = null,
          unknown_since = case when doubted then clock_timestamp() else unknown_since end,
          not_before = case when doubted then %3$s else not_before end,
          refresh_due_at = case when doubted then %3$s else refresh_due_at end
        from page where id = page_id
        returning id, doubted
      )
      select max(id) as last, count(*) filter (where doubted) as doubted from changed
      """
          .formatted(DOUBT, PAGE, NEAR_END);

  private final Database database;

  BroughtBack(Database database) {
    this.database = database;
  }

  /**
   * Does it.
   *
   * @param rotating the platforms that replace refresh tokens
   * @return of how many accounts it is now unknown whether their refresh token is spent
   */
  Future<Long> adopt(Collection<String> rotating) {
    return database
        .query(NEW_EPOCH, Tuple.tuple())
        .compose(done -> database.query(NEW_IDS, Tuple.of(LEAP)))
        .compose(done -> pages(List.copyOf(rotating), 0, 0));
  }

  private Future<Long> pages(List<String> rotating, long after, long before) {
    Tuple arguments =
        Tuple.tuple()
            .addLong(after)
            .addLong(LEAP)
            .addArrayOfString(rotating.toArray(String[]::new));
    return database
        .query(ACCOUNTS, arguments)
        .compose(rows -> further(rotating, rows.iterator().next(), before));
  }

  private Future<Long> further(List<String> rotating, Row page, long before) {
    Long last = page.getLong("last");
    long doubted = before + page.getLong("doubted");
    return last == null ? Future.succeededFuture(doubted) : pages(rotating, last, doubted);
  }
}
