package dev.evertoken.scenario;

import dev.evertoken.rig.Await;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * What a balancer in front of the nodes does, with its callers: it sends to those that say that
 * they are ready, and to the next one where a connection is refused.
 */
final class Balancer {

  private static final Duration BETWEEN_PROBES = Duration.ofMillis(20);

  private final int nodes;
  private final IntFunction<Talk> talks;
  private final AtomicBoolean done;
  private final AtomicInteger answered;
  private final Queue<String> failed;
  private final Set<Integer> ready = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch probed = new CountDownLatch(1);

  /**
   * In front of the nodes from 0 on.
   *
   * @param done ends the threads
   * @param answered counts the tokens
   * @param failed takes every other answer
   */
  Balancer(
      int nodes,
      IntFunction<Talk> talks,
      AtomicBoolean done,
      AtomicInteger answered,
      Queue<String> failed) {
    this.nodes = nodes;
    this.talks = talks;
    this.done = done;
    this.answered = answered;
    this.failed = failed;
  }

  /** Looks from now on who is ready; returns once it knows. */
  Thread probing() throws InterruptedException {
    Thread probes = Thread.ofPlatform().start(this::probe);
    probed.await();
    return probes;
  }

  /** A caller that asks for that account's token, one time after another. */
  Thread asking(long id) {
    return Thread.ofPlatform().start(() -> ask(id));
  }

  private void probe() {
    while (!done.get()) {
      for (int node = 0; node < nodes; node++) {
        if (isReady(node)) {
          ready.add(node);
        } else {
          ready.remove(node);
        }
      }
      probed.countDown();
      Await.pass(BETWEEN_PROBES);
    }
  }

  private boolean isReady(int node) {
    try {
      return talks.apply(node).get("/health/ready").status() == 200;
    } catch (UncheckedIOException gone) {
      return false;
    }
  }

  private void ask(long id) {
    while (!done.get()) {
      List<Integer> open = List.copyOf(ready);
      int node = open.get(Math.floorMod(next.getAndIncrement(), open.size()));
      try {
        Answer answer = talks.apply(node).token(id);
        if (answer.status() == 200) {
          answered.incrementAndGet();
        } else {
          failed.add(answer.status() + " " + answer.body());
        }
      } catch (UncheckedIOException failure) {
        if (!(failure.getCause() instanceof ConnectException)) {
          failed.add(failure.toString());
        }
      }
    }
  }
}
