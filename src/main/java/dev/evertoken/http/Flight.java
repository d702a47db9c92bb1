package dev.evertoken.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that are being answered, over all servers of this node, and the end of it. */
final class Flight {

  private final AtomicInteger requests = new AtomicInteger();
  private final Promise<Void> landed = Promise.promise();
  private final List<Runnable> endless = new CopyOnWriteArrayList<>();
  private volatile boolean draining;

  void begin() {
    requests.incrementAndGet();
  }

  void end() {
    if (requests.decrementAndGet() == 0 && draining) {
      landed.tryComplete();
    }
  }

  /** Calls when the drain begins: answers that have no end of their own must end then. */
  void whenDraining(Runnable end) {
    endless.add(end);
  }

  boolean draining() {
    return draining;
  }

  /** From now on nothing new is taken; completes once what was begun has been answered. */
  Future<Void> drain() {
    draining = true;
    endless.forEach(Runnable::run);
    if (requests.get() == 0) {
      landed.tryComplete();
    }
    return landed.future();
  }
}
