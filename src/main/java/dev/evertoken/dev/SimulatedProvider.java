package dev.evertoken.dev;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;

/**
 * An OAuth provider on loopback that does as it is told, and keeps an exact ledger of what it was
 * asked.
 *
 * <p>It has a token endpoint (RFC 6749), an authorization endpoint whose user always agrees, a
 * revocation endpoint (RFC 7009) and project discovery. {@link #switches} change it while it runs;
 * {@link #ledger} is the oracle of the tests. The same is to be had over HTTP, see {@link
 * ControlEndpoints}. Safe for use by several threads.
 */
public final class SimulatedProvider {
  private final HttpServer server;
  private final Ledger ledger;
  private final Switches switches;
  private final ProviderClients clients;
  private final String prefix;

  private SimulatedProvider(
      HttpServer server, Ledger ledger, Switches switches, ProviderClients clients, String prefix) {
    this.server = server;
    this.ledger = ledger;
    this.switches = switches;
    this.clients = clients;
    this.prefix = prefix;
  }

  /** Starts one on a free port with the system's clock; its tokens begin with {@code sim}. */
  public static Future<SimulatedProvider> start(Vertx vertx) {
    return start(vertx, 0, "sim", InstantSource.system());
  }

  /**
   * Starts one.
   *
   * @param port on 127.0.0.1; 0 picks a free one
   * @param prefix what tokens begin with where nothing else is said
   */
  public static Future<SimulatedProvider> start(
      Vertx vertx, int port, String prefix, InstantSource clock) {
    var switches = new Switches();
    var ledger = new Ledger(clock, switches);
    var clients = new ProviderClients();
    var codes = new AuthorizationCodes(ledger, prefix);
    var routes =
        new ProviderRoutes(
            vertx,
            ledger,
            new FaultRunner(vertx, switches),
            new TokenEndpoint(ledger, switches, clients, codes),
            new AuthorizationEndpoint(clients, codes),
            new RevocationEndpoint(ledger, clients),
            new ProjectEndpoints(ledger, switches),
            new ControlEndpoints(ledger, switches));
    return vertx
        .createHttpServer(options(port))
        .requestHandler(routes)
        .listen()
        .map(server -> new SimulatedProvider(server, ledger, switches, clients, prefix));
  }

  private static HttpServerOptions options(int port) {
    return new HttpServerOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setAcceptBacklog(1024)
        .setHttp2ClearTextEnabled(false);
  }

  /** {@code http://127.0.0.1:port}. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The address of an endpoint. */
  public String url(Endpoint endpoint) {
    return url() + endpoint.path();
  }

  public int port() {
    return server.actualPort();
  }

  public Ledger ledger() {
    return ledger;
  }

  public Switches switches() {
    return switches;
  }

  public ProviderClients clients() {
    return clients;
  }

  /** A new grant: a refresh token and a first access token. */
  public NewFamily newFamily() {
    return newFamily(prefix);
  }

  /** A new grant whose tokens begin with {@code marker}, to be found again in logs and dumps. */
  public NewFamily newFamily(String marker) {
    return ledger.create(marker);
  }

  /** The project that discovery finds for a family. */
  public static String projectOf(String family) {
    return "project-" + family;
  }

  /** Stops listening and cuts the calls under way. */
  public Future<Void> close() {
    return server.close();
  }
}
