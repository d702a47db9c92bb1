package dev.evertoken.adapter.postgres;

import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Audit;
import dev.evertoken.port.AuditLog;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.ChangeFeed;
import dev.evertoken.port.ClientStore;
import dev.evertoken.port.EventLog;
import dev.evertoken.port.FleetCounts;
import dev.evertoken.port.KeyStore;
import dev.evertoken.port.Nodes;
import dev.evertoken.port.PoolStore;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.SealedRows;
import dev.evertoken.port.Sealer;
import dev.evertoken.port.Tidying;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
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
  private final PoolStore pools;
  private final FleetCounts fleet;
  private final KeyStore keys;
  private final RouteStore routes;
  private final ClientStore clients;
  private final ChangeFeed changes;
  private final ServerTime time;
  private final Heartbeat heartbeat;
  private final PostgresAudit audit;
  private final PostgresEvents events;
  private final AuditLog auditLog;
  private final SealedRows sealed;

  private Postgres(
      Vertx vertx,
      Database database,
      Installation installation,
      Sealer sealer,
      String node,
      InstantSource localClock) {
    this.database = database;
    this.installation = installation;
    this.accounts = new PostgresAccounts(database, installation);
    this.benches = new PostgresBenches(database, installation);
    this.claims = new PostgresRefreshClaims(vertx, database, installation, node);
    this.proxies = new PostgresProxies(database, installation);
    this.pools = new PostgresPools(database);
    this.fleet = new PostgresFleetCounts(database);
    this.keys = new PostgresKeys(database, installation);
    this.routes = new PostgresRoutes(database, installation);
    this.clients = new PostgresClients(database, installation);
    this.changes = new PostgresChangeFeed(database, installation);
    this.time = new ServerTime(vertx, database, localClock);
    this.heartbeat = new Heartbeat(vertx, database, node);
    this.audit = new PostgresAudit(vertx, database, time);
    this.events = new PostgresEvents(vertx, database, time);
    this.auditLog = new PostgresAuditLog(database);
    this.sealed = new PostgresSealedRows(database, installation, sealer);
  }

  /**
   * Brings the schema up to date, opens the stores, and begins to measure PostgreSQL's clock and to
   * say that this node lives.
   *
   * @param localClock this node's clock
   */
  public static Future<Postgres> open(
      Vertx vertx,
      PostgresAddress address,
      DatabaseLimits limits,
      Sealer sealer,
      String node,
      InstantSource localClock) {
    Database database = new Database(vertx, address, limits);
    return new Migrations(address, database)
        .run(vertx)
        .compose(migrated -> FirstCalls.patiently(vertx, () -> Installation.of(database, sealer)))
        .map(found -> new Postgres(vertx, database, found, sealer, node, localClock))
        .compose(Postgres::begin)
        .onFailure(failure -> database.close());
  }

  private Future<Postgres> begin() {
    audit.start();
    return Future.all(time.start(), heartbeat.start()).map(this);
  }

  /** The id of the database's installation; cache keys and associated data name it. */
  public UUID installation() {
    return installation.id();
  }

  /** The name of what is cached of this database. */
  public String cacheName() {
    return installation.cacheName();
  }

  /**
   * Makes a database that was brought back from a backup fit to be served from; for one that no
   * node uses.
   *
   * @param rotating the platforms that replace refresh tokens
   * @return of how many accounts it is now unknown whether their refresh token is spent
   */
  public Future<Long> broughtBack(Collection<String> rotating) {
    return new BroughtBack(database).adopt(rotating);
  }

  public SealedRows sealed() {
    return sealed;
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

  public PoolStore pools() {
    return pools;
  }

  public FleetCounts fleet() {
    return fleet;
  }

  public KeyStore keys() {
    return keys;
  }

  /**
   * The removal of what is over.
   *
   * @param auditRetention how long the audit is kept; zero: for good
   */
  public Tidying tidying(Duration auditRetention) {
    return new PostgresTidying(database, auditRetention);
  }

  public RouteStore routes() {
    return routes;
  }

  public ClientStore clients() {
    return clients;
  }

  public ChangeFeed changes() {
    return changes;
  }

  public Audit audit() {
    return audit;
  }

  public AuditLog auditLog() {
    return auditLog;
  }

  public EventLog events() {
    return events;
  }

  public Nodes nodes() {
    return heartbeat;
  }

  public Time time() {
    return time;
  }

  /** Whether the latest calls reached PostgreSQL and it takes writes; a few seconds old. */
  public boolean up() {
    return database.up() && heartbeat.beats();
  }

  /**
   * Writes what the audit and the events still hold, takes this node out and ends all connections;
   * does not hang on a dead PostgreSQL.
   */
  public Future<Void> close() {
    time.stop();
    return Future.join(audit.stop(), events.stop())
        .transform(written -> heartbeat.stop())
        .transform(left -> database.close());
  }
}
