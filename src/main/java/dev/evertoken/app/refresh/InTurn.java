package dev.evertoken.app.refresh;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Tasks that run one after another; several of these may share a queue. Tasks that complete at once
 * are run in a loop, so that a long queue of them does not grow the stack.
 */
final class InTurn {

  private final Queue<Supplier<Future<Void>>> tasks;
  private final Promise<Void> done = Promise.promise();

  private InTurn(Queue<Supplier<Future<Void>>> tasks) {
    this.tasks = tasks;
  }

  /** Runs the tasks until the queue is empty or one fails, which is then how this ends. */
  static Future<Void> run(Queue<Supplier<Future<Void>>> tasks) {
    InTurn turns = new InTurn(tasks);
    turns.next();
    return turns.done.future();
  }

  private void next() {
    for (Supplier<Future<Void>> task = tasks.poll(); task != null; task = tasks.poll()) {
      Future<Void> running = task.get();
      if (!running.isComplete()) {
        running.onSuccess(ended -> next()).onFailure(done::tryFail);
        return;
      }
      if (running.failed()) {
        done.tryFail(running.cause());
        return;
      }
    }
    done.tryComplete();
  }
}
