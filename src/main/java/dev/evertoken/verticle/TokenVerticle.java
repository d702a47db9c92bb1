package dev.evertoken.verticle;

import dev.evertoken.bus.Addresses;
import dev.evertoken.bus.BusRequests;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;

/** Answers the token addresses of the event bus; one a core. */
public final class TokenVerticle extends VerticleBase {

  private final BusRequests gets;
  private final BusRequests reports;
  private final boolean thisNodeOnly;

  /**
   * Wires it.
   *
   * @param thisNodeOnly whether other members of the bus cannot ask, as tokens must not cross it in
   *     the clear
   */
  public TokenVerticle(BusRequests gets, BusRequests reports, boolean thisNodeOnly) {
    this.gets = gets;
    this.reports = reports;
    this.thisNodeOnly = thisNodeOnly;
  }

  @Override
  public Future<?> start() {
    return Future.join(
        listen(Addresses.TOKEN_GET, gets).completion(),
        listen(Addresses.TOKEN_REPORT, reports).completion());
  }

  private MessageConsumer<Object> listen(String address, BusRequests requests) {
    EventBus bus = vertx.eventBus();
    return thisNodeOnly ? bus.localConsumer(address, requests) : bus.consumer(address, requests);
  }
}
