package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The line in front of the connections. It stands here and not in the pool, so that a wait of our
 * own making is never taken for a server that does not answer. Some connections are kept for urgent
 * calls, which reads can therefore not hold up. Safe for any thread.
 *
 * <p>Each call that comes to its turn runs in a turn of its own, on the context that asked.
 */
final class ConnectionLine {

  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private record Waiter(boolean urgent, long number, Context context, Promise<Void> turn) {}

  private final Vertx vertx;
  private final DatabaseLimits limits;
  private final Deque<Waiter> urgent = new ArrayDeque<>();
  private final Deque<Waiter> others = new ArrayDeque<>();
  private int urgentBusy;
  private int othersBusy;
  private long numbers;

  ConnectionLine(Vertx vertx, DatabaseLimits limits) {
    this.vertx = vertx;
    this.limits = limits;
  }

  /** Runs the call when it is its turn; fails with {@code overloaded} where that takes too long. */
  <T> Future<T> run(boolean isUrgent, Supplier<Future<T>> call) {
    return enter(isUrgent)
        .compose(
            turn ->
                Future.<Void>succeededFuture()
                    .compose(now -> call.get())
                    .onComplete(done -> leave(isUrgent)));
  }

  /** Fails all that wait: the server does not answer, so their turn would bring them nothing. */
  void fail(Supplier<? extends Throwable> why) {
    List<Waiter> waiting = new ArrayList<>();
    synchronized (this) {
      waiting.addAll(urgent);
      waiting.addAll(others);
      urgent.clear();
      others.clear();
    }
    waiting.forEach(waiter -> inItsTurn(waiter, () -> waiter.turn().tryFail(why.get())));
  }

  private Future<Void> enter(boolean isUrgent) {
    Waiter waiter;
    synchronized (this) {
      if (mayGo(isUrgent)) {
        count(isUrgent, 1);
        return Future.succeededFuture();
      }
      if (urgent.size() + others.size() >= limits.waiting()) {
        return Future.failedFuture(overloaded());
      }
      waiter = new Waiter(isUrgent, numbers++, vertx.getOrCreateContext(), Promise.promise());
      line(isUrgent).addLast(waiter);
    }
    long timer = vertx.setTimer(limits.lineTime().toMillis(), late -> giveUp(waiter));
    return waiter.turn().future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void giveUp(Waiter waiter) {
    boolean waited;
    synchronized (this) {
      waited = line(waiter.urgent()).remove(waiter);
    }
    if (waited) {
      waiter.turn().tryFail(overloaded());
    }
  }

  private void leave(boolean wasUrgent) {
    List<Waiter> next = new ArrayList<>();
    synchronized (this) {
      count(wasUrgent, -1);
      for (Waiter waiter = next(); waiter != null; waiter = next()) {
        next.add(waiter);
      }
    }
    next.forEach(waiter -> inItsTurn(waiter, () -> waiter.turn().tryComplete()));
  }

  private static void inItsTurn(Waiter waiter, Runnable work) {
    waiter.context().runOnContext(turn -> work.run());
  }

  /** Urgent calls first while their connections are free; beyond those whoever waits longest. */
  private @Nullable Waiter next() {
    Waiter first = urgent.peekFirst();
    Waiter other = others.peekFirst();
    boolean mayFirst = first != null && mayGo(true);
    boolean mayOther = other != null && mayGo(false);
    if (!mayFirst && !mayOther) {
      return null;
    }
    boolean takeFirst =
        mayFirst
            && (!mayOther
                || urgentBusy < Math.max(1, limits.reserved())
                || first.number() < other.number());
    count(takeFirst, 1);
    return line(takeFirst).removeFirst();
  }

  private boolean mayGo(boolean isUrgent) {
    boolean free = urgentBusy + othersBusy < limits.connections();
    return free && (isUrgent || othersBusy < limits.connections() - limits.reserved());
  }

  private void count(boolean isUrgent, int by) {
    if (isUrgent) {
      urgentBusy += by;
    } else {
      othersBusy += by;
    }
  }

  private Deque<Waiter> line(boolean isUrgent) {
    return isUrgent ? urgent : others;
  }

  private static Throwable overloaded() {
    return Problem.of(
            ProblemCode.OVERLOADED, "Too many calls wait for PostgreSQL on this node; try again.")
        .withRetryAfter(COME_BACK)
        .exception();
  }
}
