package dev.evertoken.port;

import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of this node, one for each route. They never open by their own count: the
 * cluster's suspensions open and close them.
 */
public interface Breakers {

  /**
   * Runs an exchange under the breaker of its route.
   *
   * @param probed the suspension that the exchange is the probe of: it runs in the half-open
   *     breaker; null: the route is open to traffic and its breaker closed
   * @param exchange completes with whether the provider understood the request
   * @return completes when the exchange has ended, whatever came of it; fails with {@link Refused}
   *     when the breaker did not let it run
   */
  Future<Void> run(Route route, @Nullable Suspension probed, Supplier<Future<Boolean>> exchange);

  /** The route is suspended: its breaker is replaced by an open one. */
  void open(Route route, Suspension suspension);

  /** The suspension of the route has ended: its breaker is replaced by a closed one. */
  void close(Route route);

  /** The breaker is open, and the exchange was not run. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Refused() {
      super("the circuit breaker is open", null, false, false);
    }
  }
}
