package dev.evertoken.app.route;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
 * A queue of permits limited in concurrency and rate. Work that a caller waits for goes first, and
 * one grant in four is kept for the background. Safe for any thread.
 *
 * <p>A waiter continues in a turn of its own, on the context it asked from: a thousand waiters that
 * give their permit back at once are a thousand turns, and not a thousand stack frames.
 */
public final class PermitQueue {

  /** At least one grant in this many goes to the background while it waits. */
  private static final int BACKGROUND_TURN = 4;

  /** No timer is finer: what falls due within it is granted at once. */
  private static final long TICK_NANOS = 1_000_000;

  private record Waiter(Demand demand, Promise<Permit> promise) {}

  private final Scheduler scheduler;
  private final Time time;
  private final IntSupplier atOnce;
  private final DoubleSupplier perSecond;
  private final Runnable idle;
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private final AtomicInteger busy = new AtomicInteger();
  private int out;
  private int demandedInARow;
  private long nextGrantAt;
  private boolean timerSet;

  /**
   * A queue whose limits may change while it is used.
   *
   * @param perSecond how many a second, evenly spaced; zero: no limit
   */
  PermitQueue(Scheduler scheduler, Time time, IntSupplier atOnce, DoubleSupplier perSecond) {
    this(scheduler, time, atOnce, perSecond, () -> {});
  }

  /**
   * The same.
   *
   * @param idle called, without a lock, whenever no permit is out or waited for any more
   */
  PermitQueue(
      Scheduler scheduler, Time time, IntSupplier atOnce, DoubleSupplier perSecond, Runnable idle) {
    this.scheduler = scheduler;
    this.time = time;
    this.atOnce = atOnce;
    this.perSecond = perSecond;
    this.idle = idle;
    this.nextGrantAt = time.nanos();
  }

  /** A permit; closing it again does nothing. */
  public final class Permit implements AutoCloseable {
    private final AtomicBoolean back = new AtomicBoolean();

    @Override
    public void close() {
      if (back.compareAndSet(false, true)) {
        giveBack();
      }
    }
  }

  /**
   * Waits for a permit; fails with {@code provider_unavailable} when the wait exceeds the bound.
   */
  Future<Permit> take(Demand demand, Duration bound) {
    announce();
    return takeAnnounced(demand, bound);
  }

  /** Says that somebody is about to wait: the queue is in use from now on. */
  void announce() {
    busy.incrementAndGet();
  }

  /** {@link #take} by somebody who was announced. */
  Future<Permit> takeAnnounced(Demand demand, Duration bound) {
    Waiter waiter = new Waiter(demand, Promise.promise());
    synchronized (this) {
      waiting.addLast(waiter);
    }
    grant();
    Future<Permit> permit = waiter.promise().future();
    if (permit.isComplete()) {
      return permit;
    }
    long timer = scheduler.after(bound, () -> giveUp(waiter));
    permit.onComplete(done -> scheduler.cancel(timer));
    return scheduler.here(permit);
  }

  /**
   * How many are out or waited for. Takes no lock, as other queues ask while they hold their own.
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
      left();
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
    }
    left();
    grant();
  }

  private void left() {
    if (busy.decrementAndGet() == 0) {
      idle.run();
    }
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
    long now = time.nanos();
    double rate = perSecond.getAsDouble();
    if (rate > 0 && nextGrantAt - now >= TICK_NANOS) {
      wakeAfter(nextGrantAt - now);
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

  private void wakeAfter(long nanos) {
    if (!timerSet) {
      timerSet = true;
      scheduler.after(Duration.ofNanos(nanos), this::wake);
    }
  }

  private void wake() {
    synchronized (this) {
      timerSet = false;
    }
    grant();
  }
}
