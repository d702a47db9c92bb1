package dev.evertoken.port;

import dev.evertoken.domain.Account;
import io.vertx.core.Future;
import java.util.List;

/**
 * What changed in PostgreSQL since a point, by transaction snapshot, so that a transaction which
 * commits late is not missed: what every view reconciles with.
 */
public interface ChangeFeed {

  /** Where the feed stands now. */
  Future<Position> now();

  /**
   * The changes after that position, deleted rows included, in pages; ask again from {@link
   * Page#next()} while full.
   */
  Future<Page> since(Position position, int limit);

  /** The accounts of a pool (platform or named), live ones, by id, after the cursor. */
  Future<List<Account>> members(String pool, int limit, long afterId);

  /** Opaque; ordered by the store. */
  record Position(long xmin, long lastXid, long lastId) {}

  record Page(List<Change> changes, Position next, boolean full) {}

  /** A row as it is now; {@code deleted}: the account is gone. */
  record Change(Account account, boolean deleted) {}
}
