package dev.evertoken.adapter.vertx;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.Breakers;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes' circuit breakers, on Vert.x's own. Such a breaker never trips by its own count: a
 * suspension of the cluster begins on a new one that is opened once, and ends with another. Its
 * timeout is far above every deadline of an exchange, as it would only abandon the work.
 */
public final class VertxBreakers implements Breakers {

  private static final Duration FAR_ABOVE = Duration.ofMinutes(5);
  private static final Duration UNUSED = Duration.ofMinutes(10);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final Vertx vertx;
  private final InstantSource clock;
  private final Cache<Route, CircuitBreaker> breakers =
      Caffeine.newBuilder()
          .expireAfterAccess(UNUSED)
          .executor(Runnable::run)
          .removalListener(VertxBreakers::removed)
          .build();

  public VertxBreakers(Vertx vertx, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
  }

  @Override
  public Future<Void> run(
      Route route, @Nullable Suspension probed, Supplier<Future<Boolean>> exchange) {
    return probed == null
        ? execute(breakers.get(route, key -> create(key, FAR_ABOVE)), exchange)
        : halfOpen(route).compose(breaker -> execute(breaker, exchange));
  }

  @Override
  public void open(Route route, Suspension suspension) {
    Duration rest = Duration.between(clock.instant(), suspension.probeAt());
    breakers.put(route, create(route, rest.compareTo(AT_ONCE) < 0 ? AT_ONCE : rest).open());
  }

  @Override
  public void close(Route route) {
    breakers.invalidate(route);
  }

  /** The cluster has chosen this exchange as the probe, whatever this node's timer says. */
  private Future<CircuitBreaker> halfOpen(Route route) {
    CircuitBreaker breaker = create(route, AT_ONCE);
    Promise<CircuitBreaker> halfOpen = Promise.promise();
    breaker.halfOpenHandler(reached -> halfOpen.tryComplete(breaker));
    breaker.open();
    breakers.put(route, breaker);
    return halfOpen.future();
  }

  private static Future<Void> execute(CircuitBreaker breaker, Supplier<Future<Boolean>> exchange) {
    Promise<Void> ended = Promise.promise();
    breaker
        .<Void>execute(
            verdict ->
                Future.succeededFuture()
                    .compose(start -> exchange.get())
                    .onSuccess(understood -> judge(verdict, understood))
                    .onFailure(verdict::tryFail)
                    .<Void>mapEmpty()
                    .onComplete(ended))
        .onFailure(
            failure -> {
              if (failure instanceof OpenCircuitException) {
                ended.tryFail(new Refused());
              }
            });
    return ended.future();
  }

  private static void judge(Promise<Void> verdict, boolean understood) {
    if (understood) {
      verdict.tryComplete();
    } else {
      verdict.tryFail(new NotUnderstood());
    }
  }

  private CircuitBreaker create(Route route, Duration reset) {
    CircuitBreakerOptions options =
        new CircuitBreakerOptions()
            .setMaxFailures(Integer.MAX_VALUE)
            .setMaxRetries(0)
            .setTimeout(FAR_ABOVE.toMillis())
            .setResetTimeout(reset.toMillis())
            .setFailuresRollingWindow(FAR_ABOVE.toMillis())
            .setNotificationAddress(null);
    return CircuitBreaker.create(route.label(), vertx, options);
  }

  private static void removed(
      @Nullable Route route, @Nullable CircuitBreaker breaker, RemovalCause cause) {
    if (breaker != null) {
      breaker.close();
    }
  }

  /** Whatever it was, it does not show that the route works. */
  private static final class NotUnderstood extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUnderstood() {
      super("not understood", null, false, false);
    }
  }
}
