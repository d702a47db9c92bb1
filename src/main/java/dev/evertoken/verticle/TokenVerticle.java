package dev.evertoken.verticle;

import dev.evertoken.bus.Addresses;
import dev.evertoken.bus.BusRequests;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers the token addresses of the event bus; one a core. Its end takes no more messages, and
 * completes once those taken have been answered.
 */
public final class TokenVerticle extends VerticleBase {

  private final BusRequests gets;
  private final BusRequests reports;
  private final boolean thisNodeOnly;
  private final List<MessageConsumer<Object>> consumers = new ArrayList<>();

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
    consumers.add(listen(Addresses.TOKEN_GET, gets));
    consumers.add(listen(Addresses.TOKEN_REPORT, reports));
    return Future.join(consumers.stream().map(MessageConsumer::completion).toList());
  }

  @Override
  public Future<?> stop() {
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
        .transform(unregistered -> Future.join(gets.drain(), reports.drain()));
  }

  private MessageConsumer<Object> listen(String address, BusRequests requests) {
    EventBus bus = vertx.eventBus();
    return thisNodeOnly ? bus.localConsumer(address, requests) : bus.consumer(address, requests);
  }
}
