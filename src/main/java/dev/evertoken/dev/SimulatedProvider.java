package dev.evertoken.dev;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

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
  private final ProviderOptions options;

  private SimulatedProvider(
      HttpServer server,
      Ledger ledger,
      Switches switches,
      ProviderClients clients,
      ProviderOptions options) {
    this.server = server;
    this.ledger = ledger;
    this.switches = switches;
    this.clients = clients;
    this.options = options;
  }

  /** Starts one on a free port with the system's clock; its tokens begin with {@code sim}. */
  public static Future<SimulatedProvider> start(Vertx vertx) {
    return start(vertx, ProviderOptions.DEFAULT);
  }

  /** Starts one. */
  public static Future<SimulatedProvider> start(Vertx vertx, ProviderOptions options) {
    var switches = new Switches();
    var ledger = new Ledger(options.clock(), switches);
    var clients = new ProviderClients();
    var codes = new AuthorizationCodes(ledger, options.prefix());
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
        .createHttpServer(serverOptions(options))
        .requestHandler(routes)
        .listen()
        .map(server -> new SimulatedProvider(server, ledger, switches, clients, options));
  }

  private static HttpServerOptions serverOptions(ProviderOptions options) {
    var server =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(options.port())
            .setAcceptBacklog(1024)
            .setHttp2ClearTextEnabled(false);
    return options.certificate() == null
        ? server
        : server.setSsl(true).setKeyCertOptions(options.certificate());
  }

  /** {@code http://127.0.0.1:port}, or https. */
  public String url() {
    return (options.certificate() == null ? "http" : "https") + "://127.0.0.1:" + port();
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
    return newFamily(options.prefix());
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
