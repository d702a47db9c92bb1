package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.port.ChangeFeed;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;

/** The changes of the accounts, by numbers of transactions that are over at once. */
public final class MemoryFeed implements ChangeFeed {

  private final MemoryDatabase database;

  public MemoryFeed(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Position> now() {
    return database.run(() -> beginning(database.nextXid()));
  }

  @Override
  public Future<Page> since(Position position, int limit) {
    return database.run(
        () -> {
          long xmin = position.lastId() > 0 ? position.xmin() : database.nextXid();
          List<AccountRow> rows =
              database.accounts.values().stream()
                  .filter(row -> after(row, position))
                  .sorted(
                      Comparator.comparingLong((AccountRow row) -> row.changedXid)
                          .thenComparingLong(row -> row.id))
                  .limit(limit)
                  .toList();
          boolean full = rows.size() == limit;
          return new Page(
              rows.stream().map(row -> new Change(row.view(), !row.live())).toList(),
              full
                  ? new Position(xmin, rows.getLast().changedXid, rows.getLast().id)
                  : beginning(xmin),
              full);
        });
  }

  private static boolean after(AccountRow row, Position position) {
    return row.changedXid > position.lastXid()
        || (row.changedXid == position.lastXid() && row.id > position.lastId());
  }

  private static Position beginning(long xmin) {
    return new Position(xmin, xmin, 0);
  }

  @Override
  public Future<List<Account>> members(String pool, int limit, long afterId) {
    return database.run(
        () ->
            database
                .live()
                .filter(row -> row.id > afterId && row.view().inPool(pool))
                .limit(limit)
                .map(AccountRow::view)
                .toList());
  }
}
