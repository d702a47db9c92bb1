package dev.evertoken.http;

import dev.evertoken.port.Time;
import io.vertx.core.http.HttpServerRequest;

/**
 * Begins and ends the exchanges of one server, and tells what each of its connections waits for.
 */
final class Exchanges {

  private final Connections connections;
  private final Flight flight;
  private final Time time;

  Exchanges(Connections connections, Flight flight, Time time) {
    this.connections = connections;
    this.flight = flight;
    this.time = time;
  }

  Exchange begin(HttpServerRequest request) {
    flight.begin();
    connections.phase(request.connection(), Connections.Phase.WORKING);
    return new Exchange(request, this, time.nanos());
  }

  /** The rest of the request is awaited. */
  void arriving(Exchange exchange) {
    connections.phase(exchange.request().connection(), Connections.Phase.READING);
  }

  void arrived(Exchange exchange) {
    connections.phase(exchange.request().connection(), Connections.Phase.WORKING);
  }

  void ended(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    boolean ended = request.isEnded();
    connections.phase(
        request.connection(), ended ? Connections.Phase.IDLE : Connections.Phase.READING);
    if (!ended) {
      request.resume();
    }
    if (exchange.isLast()) {
      close(request, ended);
    }
    flight.end();
  }

  long millisSince(long begun) {
    return (time.nanos() - begun) / 1_000_000;
  }

  /** Not before the whole request is read: a reset would take the answer away from its sender. */
  private static void close(HttpServerRequest request, boolean ended) {
    if (ended) {
      request.response().closeHandler(null);
      request.connection().close();
    } else {
      request.endHandler(end -> request.connection().close());
    }
  }
}
