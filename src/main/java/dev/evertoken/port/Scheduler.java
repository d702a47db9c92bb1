package dev.evertoken.port;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Timers and turns of this node's event loops. Work runs on the context from which it was asked
 * for, or on one of its own where there is none.
 */
public interface Scheduler {

  /** Runs the work once, not before that time has passed; answers the timer's id. */
  long after(Duration wait, Runnable work);

  /** True: the timer will not fire any more. */
  boolean cancel(long timer);

  /** Runs the work in a turn of its own, soon. */
  void soon(Runnable work);

  /** The same future, completing on the calling context whoever completes it. */
  <T> Future<T> here(Future<T> elsewhere);

  /** Completes when that time has passed. */
  Future<Void> pause(Duration wait);
}
