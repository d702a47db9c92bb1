package dev.evertoken.port;

import dev.evertoken.domain.BreakerPolicy;
import io.vertx.core.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The circuit breakers of this node, one a key: they count failures in a row and say when to stop.
 * What the cluster does then is not theirs to decide.
 */
public interface Breakers {

  /**
   * Runs the work and counts its end: a result that is {@code bad}, or a failure that is, counts;
   * anything else starts the count anew. It is run whatever the state; a timeout of the breaker
   * never ends it.
   */
  <T> Future<T> guard(
      String key,
      BreakerPolicy policy,
      Supplier<Future<T>> work,
      Predicate<T> badResult,
      Predicate<Throwable> badFailure);

  boolean open(String key);

  void reset(String key);
}
