package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.port.AccountStore.TokenUse;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** Knows of every refresh token who holds it, and whether it is spent. */
final class TokenHolders {

  private final Database database;

  TokenHolders(Database database) {
    this.database = database;
  }

  Future<Optional<TokenUse>> of(String platform, Buffer mac) {
    return database
        .query(AccountSql.TOKEN, Tuple.of(platform, mac))
        .map(rows -> rows.stream().findFirst().map(TokenHolders::use));
  }

  private static TokenUse use(Row row) {
    return new TokenUse(row.getLong("account_id"), row.getOffsetDateTime("spent_at") != null);
  }

  /** Always fails: with the conflict that says why the refresh token is refused. */
  <T> Future<T> conflict(String platform, Buffer mac) {
    return of(platform, mac).compose(holder -> Future.failedFuture(problem(holder).exception()));
  }

  private static Problem problem(Optional<TokenUse> holder) {
    if (holder.isEmpty()) {
      return Problem.of(ProblemCode.CONFLICT, "The refresh token was in use just now; try again.");
    }
    if (holder.get().spent()) {
      return Problem.of(
          ProblemCode.CONFLICT, "The refresh token is spent: it was used and replaced.");
    }
    return Problem.of(ProblemCode.CONFLICT, "Another account holds the refresh token.")
        .withAccount(holder.get().account());
  }
}
