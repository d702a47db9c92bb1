package dev.evertoken.sim;

import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.Breakers;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Breakers that do as Vert.x's do where nothing trips them by its count. */
final class SimBreakers implements Breakers {

  private static final class Breaker {
    private boolean open;
    private Instant halfOpenAt = Instant.MIN;
    private boolean tried;
  }

  private final NodeTime time;
  private final Map<Route, Breaker> breakers = new HashMap<>();

  SimBreakers(NodeTime time) {
    this.time = time;
  }

  @Override
  public Future<Void> run(
      Route route, @Nullable Suspension probed, Supplier<Future<Boolean>> exchange) {
    if (probed == null) {
      return execute(breakers.computeIfAbsent(route, key -> new Breaker()), exchange);
    }
    Breaker breaker = new Breaker();
    breaker.open = true;
    breakers.put(route, breaker);
    return execute(breaker, exchange);
  }

  private Future<Void> execute(Breaker breaker, Supplier<Future<Boolean>> exchange) {
    if (breaker.open && (breaker.tried || time.instant().isBefore(breaker.halfOpenAt))) {
      return Future.failedFuture(new Refused());
    }
    breaker.tried = breaker.open;
    return Future.succeededFuture()
        .compose(start -> exchange.get())
        .onSuccess(understood -> judged(breaker, understood))
        .onFailure(failure -> judged(breaker, false))
        .mapEmpty();
  }

  /** In half-open everything but an understood answer opens it again. */
  private void judged(Breaker breaker, boolean understood) {
    if (breaker.open) {
      breaker.open = !understood;
      breaker.tried = false;
      breaker.halfOpenAt = time.instant().plusMillis(1);
    }
  }

  @Override
  public void open(Route route, Suspension suspension) {
    Breaker breaker = new Breaker();
    breaker.open = true;
    breaker.halfOpenAt = suspension.probeAt();
    breakers.put(route, breaker);
  }

  @Override
  public void close(Route route) {
    breakers.remove(route);
  }
}
