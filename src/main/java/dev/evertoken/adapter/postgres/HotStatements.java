package dev.evertoken.adapter.postgres;

import java.util.Set;

/**
 * The statements that every refresh runs, and every read of one row. PostgreSQL spends more on
 * reading and planning these than on carrying them out, so each connection keeps them prepared; all
 * find their row by its primary key, so that a plan that is kept is as good as a new one.
 */
final class HotStatements {

  private static final Set<String> ALL =
      Set.of(
          AccountSql.FIND,
          ClaimSql.TAKE,
          ClaimSql.EXTEND,
          ClaimSql.RELEASE,
          ClaimSql.SETTLE,
          CommitSql.COMMIT);

  private HotStatements() {}

  static int count() {
    return ALL.size();
  }

  static boolean contains(String sql) {
    return ALL.contains(sql);
  }
}
