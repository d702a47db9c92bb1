package dev.evertoken.adapter.breaker;

import dev.evertoken.domain.BreakerPolicy;
import dev.evertoken.port.Breakers;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Counts with Vert.x circuit breakers. Such a breaker never half-opens by itself: who probes is
 * decided for the whole cluster, and {@link #reset} closes it. Its timeout is far above every
 * deadline of an exchange, as it would only abandon the work.
 */
public final class VertxBreakers implements Breakers {

  private static final Duration FAR_ABOVE = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final ConcurrentHashMap<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();

  public VertxBreakers(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public <T> Future<T> guard(
      String key,
      BreakerPolicy policy,
      Supplier<Future<T>> work,
      Predicate<T> badResult,
      Predicate<Throwable> badFailure) {
    CircuitBreaker breaker = breakers.computeIfAbsent(key, name -> create(name, policy));
    if (breaker.state() != CircuitBreakerState.CLOSED) {
      return work.get();
    }
    AtomicReference<Future<T>> running = new AtomicReference<>();
    return breaker
        .<Void>execute(
            verdict ->
                running
                    .updateAndGet(none -> work.get())
                    .onComplete(
                        result -> judge(verdict, badResult.test(result)),
                        failure -> judge(verdict, badFailure.test(failure))))
        .transform(counted -> running.get() == null ? work.get() : running.get());
  }

  @Override
  public boolean open(String key) {
    CircuitBreaker breaker = breakers.get(key);
    return breaker != null && breaker.state() != CircuitBreakerState.CLOSED;
  }

  @Override
  public void reset(String key) {
    CircuitBreaker breaker = breakers.get(key);
    if (breaker != null) {
      breaker.reset();
    }
  }

  private static void judge(Promise<Void> verdict, boolean bad) {
    if (bad) {
      verdict.tryFail(new Counted());
    } else {
      verdict.tryComplete(null);
    }
  }

  private CircuitBreaker create(String name, BreakerPolicy policy) {
    CircuitBreakerOptions options =
        new CircuitBreakerOptions()
            .setMaxFailures(policy.maxFailures())
            .setMaxRetries(0)
            .setTimeout(FAR_ABOVE.toMillis())
            .setResetTimeout(-1)
            .setFailuresRollingWindow(FAR_ABOVE.toMillis())
            .setNotificationAddress(null);
    return CircuitBreaker.create(name, vertx, options);
  }

  /** A failure of the route. */
  private static final class Counted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Counted() {
      super("counted", null, false, false);
    }
  }
}
