package dev.evertoken.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks from one event loop as 64 callers would, each again as soon as it is answered. */
final class Asking {

  private static final int CALLERS = 64;

  private final Supplier<Future<?>> question;
  private final long end;
  private final AtomicLong answers = new AtomicLong();
  private final AtomicInteger asking = new AtomicInteger(CALLERS);
  private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
  private final CountDownLatch done = new CountDownLatch(1);

  private Asking(Supplier<Future<?>> question, Duration time) {
    this.question = question;
    this.end = System.nanoTime() + time.toNanos();
  }

  /** Answers a second. */
  static double perSecond(Vertx vertx, Duration time, Supplier<Future<?>> question)
      throws InterruptedException {
    Asking asking = new Asking(question, time);
    long begun = System.nanoTime();
    Context loop = vertx.getOrCreateContext();
    for (int i = 0; i < CALLERS; i++) {
      loop.runOnContext(go -> asking.ask());
    }
    asking.done.await();
    Throwable failure = asking.failed.get();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return asking.answers.get() * 1e9 / (System.nanoTime() - begun);
  }

  private void ask() {
    question.get().onSuccess(answer -> answered()).onFailure(this::ended);
  }

  private void answered() {
    answers.incrementAndGet();
    if (System.nanoTime() < end) {
      ask();
    } else {
      ended(null);
    }
  }

  private void ended(@Nullable Throwable failure) {
    if (failure != null) {
      failed.set(failure);
    }
    if (asking.decrementAndGet() == 0) {
      done.countDown();
    }
  }
}
