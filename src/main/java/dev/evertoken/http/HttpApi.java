package dev.evertoken.http;

import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API of this node (contract, section 3): one object for all its servers, which share one
 * port.
 */
public final class HttpApi {

  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
  private static final long SWEEP_MILLIS = 1000;

  private final HttpSettings settings;
  private final Time time;
  private final Bearer bearer;
  private final TokenPath tokenPath;
  private final List<Endpoint> endpoints;
  private final Flight flight = new Flight();
  private final int sharedRandomPort = -1 - ThreadLocalRandom.current().nextInt(1 << 30);

  /** Composes it; nothing listens yet. */
  public HttpApi(HttpSettings settings, Services services) {
    this(
        settings,
        services.time(),
        services.callers(),
        services.core().tokens()::token,
        flight -> Endpoints.of(services, flight));
  }

  HttpApi(
      HttpSettings settings,
      Time time,
      CallerAuthentication callers,
      Tokens tokens,
      Function<Flight, List<Endpoint>> endpoints) {
    this.settings = settings;
    this.time = time;
    this.bearer = new Bearer(callers);
    this.tokenPath = new TokenPath(bearer, tokens, time);
    this.endpoints = endpoints.apply(flight);
  }

  /**
   * Starts one server on the calling context; completes when it listens. Servers after the first
   * take their part of the same port's connections.
   */
  public Future<HttpServer> listen(Vertx vertx) {
    Connections connections = new Connections(time);
    Exchanges exchanges = new Exchanges(connections, flight, time);
    FrontDoor door =
        new FrontDoor(
            flight, exchanges, tokenPath, new Routing(bearer, endpoints, exchanges).router(vertx));
    vertx.setPeriodic(SWEEP_MILLIS, tick -> connections.sweep());
    int port = settings.port() == 0 ? sharedRandomPort : settings.port();
    return vertx
        .createHttpServer(ServerOptions.of(settings).setPort(port))
        .connectionHandler(connections::opened)
        .exceptionHandler(HttpApi::badConnection)
        .invalidRequestHandler(door::handleInvalid)
        .requestHandler(door)
        .listen();
  }

  /**
   * Refuses every new request from now on, but for {@code /health}; completes once those begun have
   * been answered.
   */
  public Future<Void> drain() {
    return flight.drain();
  }

  private static void badConnection(Throwable failure) {
    LOG.atDebug()
        .addKeyValue("class", failure.getClass().getSimpleName())
        .log("http_connection_failed");
  }
}
