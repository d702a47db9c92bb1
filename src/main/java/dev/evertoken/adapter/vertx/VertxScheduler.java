package dev.evertoken.adapter.vertx;

import dev.evertoken.port.Scheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Timers and turns on the event loops of one Vert.x instance. */
public final class VertxScheduler implements Scheduler {

  private final Vertx vertx;

  public VertxScheduler(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public long after(Duration wait, Runnable work) {
    return vertx.setTimer(millis(wait), fired -> work.run());
  }

  @Override
  public boolean cancel(long timer) {
    return vertx.cancelTimer(timer);
  }

  @Override
  public void soon(Runnable work) {
    vertx.runOnContext(turn -> work.run());
  }

  @Override
  public <T> Future<T> here(Future<T> elsewhere) {
    Context context = vertx.getOrCreateContext();
    Promise<T> here = Promise.promise();
    elsewhere.onComplete(end -> context.runOnContext(turn -> here.handle(end)));
    return here.future();
  }

  @Override
  public Future<Void> pause(Duration wait) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(millis(wait), fired -> over.complete());
    return over.future();
  }

  /** The shortest timer is a millisecond. */
  private static long millis(Duration wait) {
    return Math.max(1, wait.toMillis());
  }
}
