package dev.evertoken.dev;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds calls back until a test lets them go; made for tests that must not sleep. */
public final class Gate {
  private final Promise<Void> opened = Promise.promise();
  private final AtomicInteger arrivals = new AtomicInteger();

  /** Lets everything go that waits or comes later. */
  public void open() {
    opened.tryComplete();
  }

  /** How many calls have come to it so far. */
  public int arrivals() {
    return arrivals.get();
  }

  Future<Void> arrive() {
    arrivals.incrementAndGet();
    return opened.future();
  }
}
