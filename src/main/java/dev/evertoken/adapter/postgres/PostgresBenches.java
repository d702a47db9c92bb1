package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.BenchStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The benches in PostgreSQL. */
final class PostgresBenches implements BenchStore {

  private final Database database;
  private final AccountRows rows;

  PostgresBenches(Database database, Installation installation) {
    this.database = database;
    this.rows = new AccountRows(installation.columns());
  }

  @Override
  public Future<Optional<Account>> set(long account, Bench bench, Instant evidence) {
    return database
        .query(
            BenchSql.SET,
            Tuple.of(
                account,
                WireName.of(bench.cause()),
                AccountJson.of(bench),
                Stamps.column(bench.until()),
                Stamps.column(evidence)))
        .map(rows::one);
  }

  @Override
  public Future<Optional<Account>> clear(long account, Set<BenchCause> causes) {
    String[] names = causes.stream().map(WireName::of).toArray(String[]::new);
    return database.query(BenchSql.CLEAR, Tuple.of(account).addArrayOfString(names)).map(rows::one);
  }

  @Override
  public Future<List<Account>> clearOutage(Route route, Instant since) {
    return database
        .query(BenchSql.CLEAR_OUTAGE, Tuple.of(route.label(), Stamps.column(since)))
        .map(rows::all);
  }
}
