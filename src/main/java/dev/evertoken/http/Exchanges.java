package dev.evertoken.http;

import dev.evertoken.port.Time;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Begins and ends the exchanges of one server, and tells what each of its connections waits for.
 */
final class Exchanges {

  private final Connections connections;
  private final Flight flight;
  private final AtomicInteger requests;
  private final Time time;

  Exchanges(Connections connections, Flight flight, Time time) {
    this.connections = connections;
    this.flight = flight;
    this.requests = flight.server();
    this.time = time;
  }

  Exchange begin(HttpServerRequest request, RequestHead head) {
    requests.incrementAndGet();
    long now = time.nanos();
    return new Exchange(request, head, this, connections.track(request.connection()), now);
  }

  /** The rest of the request is awaited. */
  void arriving(Exchange exchange) {
    exchange.phase(Connections.Phase.READING, time.nanos());
  }

  void arrived(Exchange exchange) {
    exchange.phase(Connections.Phase.WORKING, time.nanos());
  }

  void ended(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    boolean more = exchange.head().body() || exchange.isLast();
    if (request.isEnded() || !more) {
      atRest(exchange);
    } else {
      arriving(exchange);
      request.endHandler(end -> atRest(exchange)).resume();
    }
    requests.decrementAndGet();
    flight.ended();
  }

  /** Not before the whole request is read: a reset would take the answer away from its sender. */
  private void atRest(Exchange exchange) {
    exchange.phase(Connections.Phase.IDLE, time.nanos());
    if (exchange.isLast()) {
      HttpServerRequest request = exchange.request();
      request.response().closeHandler(null);
      request.connection().close();
    }
  }

  long millisSince(long begun) {
    return (time.nanos() - begun) / 1_000_000;
  }
}
