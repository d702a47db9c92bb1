package dev.evertoken.app;

import dev.evertoken.port.Scheduler;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Supplier;

/** How long a caller waits; its end ends the wait and nothing else (law 6). */
record CallerDeadline(Scheduler scheduler, Duration most) {

  /** The outcome of the work, or of {@code tooLate} when the wait ends first. */
  <T> Future<T> await(Future<T> work, Supplier<Future<T>> tooLate) {
    if (work.isComplete()) {
      return work;
    }
    if (!most.isPositive()) {
      return tooLate.get();
    }
    Promise<T> first = Promise.promise();
    long timer = scheduler.after(most, () -> tooLate.get().onComplete(done -> tell(first, done)));
    work.onComplete(
        done -> {
          scheduler.cancel(timer);
          tell(first, done);
        });
    return first.future();
  }

  private static <T> void tell(Promise<T> promise, AsyncResult<T> result) {
    if (result.succeeded()) {
      promise.tryComplete(result.result());
    } else {
      promise.tryFail(result.cause());
    }
  }
}
