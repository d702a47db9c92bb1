package dev.evertoken.bench;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks as 64 callers would, each again as soon as it is answered; from every event loop alike, so
 * that whoever is asked has as many of them on its own loop as anybody else.
 */
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

  /** One context of each event loop. */
  static List<Context> loops(Vertx vertx) throws Exception {
    List<Context> loops = new CopyOnWriteArrayList<>();
    Stand.within(
        vertx.deployVerticle(
            () -> new Caller(loops),
            new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE)));
    return loops;
  }

  private static final class Caller extends VerticleBase {
    private final List<Context> loops;

    Caller(List<Context> loops) {
      this.loops = loops;
    }

    @Override
    public Future<?> start() {
      loops.add(context);
      return Future.succeededFuture();
    }
  }

  /** Answers a second. */
  static double perSecond(List<Context> loops, Duration time, Supplier<Future<?>> question)
      throws InterruptedException {
    Asking asking = new Asking(question, time);
    long begun = System.nanoTime();
    for (int i = 0; i < CALLERS; i++) {
      loops.get(i % loops.size()).runOnContext(go -> asking.ask());
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
