package dev.evertoken.adapter.postgres;

import dev.evertoken.port.AccountStore;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.FleetCounts;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.Sealer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.UUID;

/**
 * The stores of one node over one PostgreSQL; made once, by the composition root.
 *
 * <p>After the start a PostgreSQL that goes away is waited for: calls fail as {@code
 * storage_unavailable} meanwhile, and nothing needs a restart.
 */
public final class Postgres {

  private final Database database;
  private final Installation installation;
  private final AccountStore accounts;
  private final BenchStore benches;
  private final RefreshClaims claims;
  private final ProxyStore proxies;
  private final FleetCounts fleet;

  private Postgres(Vertx vertx, Database database, Installation installation, String node) {
    this.database = database;
    this.installation = installation;
    this.accounts = new PostgresAccounts(database, installation);
    this.benches = new PostgresBenches(database, installation);
    this.claims = new PostgresRefreshClaims(vertx, database, installation, node);
    this.proxies = new PostgresProxies(database, installation);
    this.fleet = new PostgresFleetCounts(database);
  }

  /** Brings the schema up to date, and opens the stores. */
  public static Future<Postgres> open(
      Vertx vertx, PostgresAddress address, DatabaseLimits limits, Sealer sealer, String node) {
    Database database = new Database(vertx, address, limits);
    return new Migrations(address)
        .run(vertx)
        .compose(migrated -> Installation.of(database, sealer))
        .map(installation -> new Postgres(vertx, database, installation, node))
        .onFailure(failure -> database.close());
  }

  /** The id of the database's installation; cache keys and associated data name it. */
  public UUID installation() {
    return installation.id();
  }

  public AccountStore accounts() {
    return accounts;
  }

  public BenchStore benches() {
    return benches;
  }

  public RefreshClaims claims() {
    return claims;
  }

  public ProxyStore proxies() {
    return proxies;
  }

  public FleetCounts fleet() {
    return fleet;
  }

  /** Whether the latest calls reached PostgreSQL. */
  public boolean up() {
    return database.up();
  }

  /** Ends all connections; completes within the query deadline. */
  public Future<Void> close() {
    return database.close();
  }
}
