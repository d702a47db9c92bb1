package dev.evertoken.app;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Permits of which so many may be out at once, and so many given a second; what somebody waits for
 * goes first, and of four that are given the background gets at least one. Safe for any thread.
 */
final class Share {

  /** Of this many grants in a row at least one goes to the background while it waits. */
  private static final int BACKGROUND_TURN = 4;

  /** A timer can't be set for less; what falls due within it is given at once. */
  private static final long TICK_NANOS = 1_000_000;

  private record Waiter(Demand demand, Promise<Permit> promise) {}

  private final Vertx vertx;
  private final IntSupplier atOnce;
  private final DoubleSupplier perSecond;
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private final AtomicInteger busy = new AtomicInteger();
  private int out;
  private int demandedInARow;
  private long nextGrantAt;
  private boolean timerSet;

  /**
   * A share whose limits may change while it is used.
   *
   * @param perSecond how many a second, evenly spaced; zero: no limit
   */
  Share(Vertx vertx, IntSupplier atOnce, DoubleSupplier perSecond) {
    this.vertx = vertx;
    this.atOnce = atOnce;
    this.perSecond = perSecond;
    this.nextGrantAt = System.nanoTime();
  }

  /** A permit; give it back once. */
  final class Permit implements AutoCloseable {

    private final AtomicBoolean back = new AtomicBoolean();

    @Override
    public void close() {
      if (back.compareAndSet(false, true)) {
        giveBack();
      }
    }
  }

  /**
   * Waits in line for a permit; fails with {@code provider_unavailable} when the wait exceeds the
   * bound.
   */
  Future<Permit> take(Demand demand, Duration bound) {
    Waiter waiter = new Waiter(demand, Promise.promise());
    synchronized (this) {
      waiting.addLast(waiter);
      busy.incrementAndGet();
    }
    grant();
    if (!waiter.promise().future().isComplete()) {
      long timer = vertx.setTimer(bound.toMillis(), fired -> giveUp(waiter));
      waiter.promise().future().onComplete(done -> vertx.cancelTimer(timer));
    }
    return waiter.promise().future();
  }

  /**
   * How many are out or waited for; without a lock, as other shares look while they hold theirs.
   */
  int busy() {
    return busy.get();
  }

  private void giveUp(Waiter waiter) {
    boolean removed;
    synchronized (this) {
      removed = waiting.remove(waiter);
    }
    if (removed) {
      busy.decrementAndGet();
      waiter
          .promise()
          .fail(
              Problem.of(
                      ProblemCode.PROVIDER_UNAVAILABLE,
                      "The limits of the platform leave no room for this refresh now.")
                  .withRetryAfter(Duration.ofSeconds(1))
                  .exception());
    }
  }

  private void giveBack() {
    synchronized (this) {
      out--;
      busy.decrementAndGet();
    }
    grant();
  }

  private void grant() {
    Waiter next = next();
    while (next != null) {
      next.promise().complete(new Permit());
      next = next();
    }
  }

  private synchronized @Nullable Waiter next() {
    if (waiting.isEmpty() || out >= Math.max(1, atOnce.getAsInt())) {
      return null;
    }
    long now = System.nanoTime();
    double rate = perSecond.getAsDouble();
    if (rate > 0 && nextGrantAt - now >= TICK_NANOS) {
      wakeAt(nextGrantAt - now);
      return null;
    }
    if (rate > 0) {
      nextGrantAt = Math.max(now, nextGrantAt) + (long) (1e9 / rate);
    }
    out++;
    return pick();
  }

  private Waiter pick() {
    boolean backgroundTurn = demandedInARow >= BACKGROUND_TURN - 1;
    Iterator<Waiter> line = waiting.iterator();
    while (line.hasNext()) {
      Waiter candidate = line.next();
      if (candidate.demand().awaited() != backgroundTurn) {
        line.remove();
        demandedInARow = backgroundTurn ? 0 : demandedInARow + 1;
        return candidate;
      }
    }
    demandedInARow = 0;
    return waiting.removeFirst();
  }

  private void wakeAt(long nanos) {
    if (!timerSet) {
      timerSet = true;
      vertx.setTimer(nanos / TICK_NANOS, fired -> wake());
    }
  }

  private void wake() {
    synchronized (this) {
      timerSet = false;
    }
    grant();
  }
}
