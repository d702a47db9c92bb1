package dev.evertoken.adapter.postgres;

import dev.evertoken.port.Tidying;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes by index and in small portions, each a statement of its own; what a turn leaves over goes
 * in the next ones.
 */
final class PostgresTidying implements Tidying {

  /** The rows of one statement. */
  static final int PORTION = 5_000;

  /** The portions of one kind in one turn: more than a busy audit gains until the next. */
  private static final int PORTIONS = 200;

  private static final String MY_TURN =
      """
      update installation set tidied_at = clock_timestamp()
      where tidied_at <= clock_timestamp() - $1::bigint * interval '1 millisecond'
      returning id
      """;

  /** Kept for as long as a repeated creation is known again. */
  private static final String IDEMPOTENCY_KEYS =
      """
      with old as (
        select actor, key from idempotency_keys
        where created_at <= clock_timestamp() - interval '24 hours' limit $1
      )
      delete from idempotency_keys k using old
      where k.actor = old.actor and k.key = old.key
        and k.created_at <= clock_timestamp() - interval '24 hours'
      """;

  /** Of ways that nobody has asked for since they may be used again. */
  private static final String THROTTLES =
      """
      with old as (
        select ctid from suspensions
        where kind in ('throttled', 'route_throttled') and probe_at <= clock_timestamp() - interval '1 hour' limit $1
      )
      delete from suspensions s using old
      where s.ctid = old.ctid and s.kind in ('throttled', 'route_throttled')
        and s.probe_at <= clock_timestamp() - interval '1 hour'
      """;

  /** What was known of ways and clients that have not been used for a month. */
  private static final String WAYS =
      """
      delete from ways where ctid = any (array (
        select ctid from ways where updated_at < now() - interval '30 days' limit $1))
        and updated_at < now() - interval '30 days'
      """;

  private static final String CLIENTS =
      """
      delete from clients where ctid = any (array (
        select ctid from clients where updated_at < now() - interval '30 days' limit $1))
        and updated_at < now() - interval '30 days'
      """;

  static final String AUDIT =
      """
      delete from audit where id = any (array (
        select id from audit where at < now() - $2::bigint * interval '1 millisecond'
        order by at limit $1))
      """;

  static final String TOKEN_READS =
      """
      delete from token_reads where ctid = any (array (
        select ctid from token_reads where minute < now() - $2::bigint * interval '1 millisecond'
        order by minute limit $1))
      """;

  /** How many rows of sums are put together by one statement, which takes some 100 ms. */
  static final int SUMS = 20_000;

  /** Puts the first rows together, and tells how many fewer there are now. */
  private static final String FIRST_POOL_SIZES =
      """
      with gone as (
        delete from pool_sizes where ctid = any (array (select ctid from pool_sizes limit $1))
        returning platform, pool, n
      ), put as (
        insert into pool_sizes (platform, pool, n)
        select platform, pool, sum(n) from gone group by platform, pool having sum(n) <> 0
        returning 1
      )
      select (select count(*) from gone) - (select count(*) from put)
      """;

  /** Puts the rows of a pair together; of two at once the second finds the rows gone. */
  private static final String POOL_SIZES =
      """
      with many as (
        select platform, pool from pool_sizes group by platform, pool having count(*) > 1
      ), gone as (
        delete from pool_sizes s using many
        where s.platform = many.platform and s.pool = many.pool
        returning s.platform, s.pool, s.n
      )
      insert into pool_sizes (platform, pool, n)
      select platform, pool, sum(n) from gone group by platform, pool having sum(n) <> 0
      """;

  private record Kind(String name, String sql, Tuple arguments) {}

  private final Database database;
  private final List<Kind> kinds = new ArrayList<>();

  PostgresTidying(Database database, Duration auditRetention) {
    this.database = database;
    kinds.add(new Kind("idempotency_keys", IDEMPOTENCY_KEYS, Tuple.of(PORTION)));
    kinds.add(new Kind("throttles", THROTTLES, Tuple.of(PORTION)));
    kinds.add(new Kind("ways", WAYS, Tuple.of(PORTION)));
    kinds.add(new Kind("clients", CLIENTS, Tuple.of(PORTION)));
    if (auditRetention.isPositive()) {
      Tuple old = Tuple.of(PORTION, auditRetention.toMillis());
      kinds.add(new Kind("audit", AUDIT, old));
      kinds.add(new Kind("token_reads", TOKEN_READS, old));
    }
  }

  @Override
  public Future<Optional<Map<String, Integer>>> tidy(Duration period) {
    return database
        .query(MY_TURN, Tuple.of(period.toMillis()))
        .compose(
            turn ->
                turn.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : inTurn().map(Optional::of));
  }

  private Future<Map<String, Integer>> inTurn() {
    Map<String, Integer> gone = new LinkedHashMap<>();
    Future<?> before = Future.succeededFuture();
    for (Kind kind : kinds) {
      before = before.compose(done -> remove(kind, gone, PORTIONS));
    }
    return before
        .compose(done -> poolSizes(PORTIONS))
        .compose(done -> database.query(POOL_SIZES, Tuple.tuple()))
        .map(done -> gone);
  }

  /** Until most that are left are of different pairs: one statement does the rest. */
  private Future<Void> poolSizes(int portions) {
    return database
        .query(FIRST_POOL_SIZES, Tuple.of(SUMS))
        .compose(
            rows ->
                rows.iterator().next().getLong(0) > SUMS / 2 && portions > 1
                    ? poolSizes(portions - 1)
                    : Future.succeededFuture());
  }

  private Future<Void> remove(Kind kind, Map<String, Integer> gone, int portions) {
    return database
        .query(kind.sql(), kind.arguments())
        .compose(
            rows -> {
              count(gone, kind.name(), rows.rowCount());
              return rows.rowCount() == PORTION && portions > 1
                  ? remove(kind, gone, portions - 1)
                  : Future.succeededFuture();
            });
  }

  private static void count(Map<String, Integer> gone, String kind, int rows) {
    if (rows > 0) {
      gone.merge(kind, rows, Integer::sum);
    }
  }
}
