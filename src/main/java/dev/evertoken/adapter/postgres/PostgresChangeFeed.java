package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.port.ChangeFeed;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes of the accounts, at least once each: every row carries the transaction that changed
 * it last, and a sweep begins at the oldest transaction that was still running when the sweep
 * before it began. So what commits late is found, and what is found twice has the same revision.
 *
 * <p>A position is the beginning of the next sweep ({@code xmin}) and how far this one has come;
 * {@code lastId} 0 is the beginning of one.
 */
final class PostgresChangeFeed implements ChangeFeed {

  private static final String NOW =
      "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin";

  private static final String SINCE =
      """
      select changed_xid::text::bigint as xid, deleted_at is not null as deleted, %s
      from accounts
      where (changed_xid, id) > ($1::bigint::text::xid8, $2::bigint)
      order by changed_xid, id limit $3
      """
          .formatted(AccountRows.COLUMNS);

  static final String MEMBERS =
      """
      select %s from accounts where id in (
        select account_id from account_pools where pool = $1 and account_id > $3
        order by account_id limit $2)
      order by id
      """
          .formatted(AccountRows.COLUMNS);

  private final Database database;
  private final AccountRows rows;

  PostgresChangeFeed(Database database, Installation installation) {
    this.database = database;
    this.rows = new AccountRows(installation.columns());
  }

  @Override
  public Future<Position> now() {
    return database
        .query(NOW, Tuple.tuple())
        .map(found -> beginning(found.iterator().next().getLong("xmin")));
  }

  @Override
  public Future<Page> since(Position position, int limit) {
    return begun(position)
        .compose(
            at ->
                database
                    .query(SINCE, Tuple.of(at.lastXid(), at.lastId(), limit))
                    .map(found -> page(found, at, limit)));
  }

  /** A sweep must know where the next one begins before it reads its first row. */
  private Future<Position> begun(Position position) {
    return position.lastId() > 0
        ? Future.succeededFuture(position)
        : now().map(next -> new Position(next.xmin(), position.xmin(), 0));
  }

  private Page page(RowSet<Row> found, Position at, int limit) {
    List<Change> changes = new ArrayList<>(found.size());
    Position last = at;
    for (Row row : found) {
      Account account = rows.listed(row);
      changes.add(new Change(account, row.getBoolean("deleted")));
      last = new Position(at.xmin(), row.getLong("xid"), account.id());
    }
    boolean full = changes.size() == limit;
    return new Page(changes, full ? last : beginning(at.xmin()), full);
  }

  private static Position beginning(long xmin) {
    return new Position(xmin, xmin, 0);
  }

  @Override
  public Future<List<Account>> members(String pool, int limit, long afterId) {
    return database.query(MEMBERS, Tuple.of(pool, limit, afterId)).map(rows::all);
  }
}
