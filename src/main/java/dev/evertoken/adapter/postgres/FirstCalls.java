package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The first calls of a start: on a machine that is busy starting, a server that has only just come
 * up may miss the deadline which later tells a dead one.
 */
final class FirstCalls {

  private static final int TRIES = 10;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private FirstCalls() {}

  /** Repeats the call until it succeeds; fails with its last failure. */
  static <T> Future<T> patiently(Vertx vertx, Supplier<Future<T>> call) {
    return patiently(vertx, call, TRIES - 1);
  }

  private static <T> Future<T> patiently(Vertx vertx, Supplier<Future<T>> call, int more) {
    return call.get()
        .recover(
            failure ->
                more == 0 || !unavailable(failure)
                    ? Future.failedFuture(failure)
                    : vertx
                        .timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                        .compose(again -> patiently(vertx, call, more - 1)));
  }

  private static boolean unavailable(Throwable failure) {
    return failure instanceof ProblemException expected
        && expected.problem().code() == ProblemCode.STORAGE_UNAVAILABLE;
  }
}
