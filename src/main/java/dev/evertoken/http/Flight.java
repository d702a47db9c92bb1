package dev.evertoken.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that are being answered, over all servers of this node, and the end of it. */
final class Flight {

  private final List<AtomicInteger> servers = new CopyOnWriteArrayList<>();
  private final Promise<Void> landed = Promise.promise();
  private final List<Runnable> endless = new CopyOnWriteArrayList<>();
  private volatile boolean draining;

  /** The count of one more server's requests: event loops would be in each other's way at one. */
  AtomicInteger server() {
    AtomicInteger requests = new AtomicInteger();
    servers.add(requests);
    return requests;
  }

  /** A request of a server has ended, and has been taken off its count. */
  void ended() {
    if (draining && nothingIsLeft()) {
      landed.tryComplete();
    }
  }

  private boolean nothingIsLeft() {
    return servers.stream().allMatch(requests -> requests.get() == 0);
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
    if (nothingIsLeft()) {
      landed.tryComplete();
    }
    return landed.future();
  }
}
