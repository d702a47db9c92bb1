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
import java.util.stream.IntStream;

/**
 * What a balancer in front of the nodes does, with its callers: it sends to those that say that
 * they are ready, and to the next one where a connection is refused.
 */
final class Balancer {

  private static final Duration BETWEEN_PROBES = Duration.ofMillis(20);

  /** Well below the shutdown delay of the nodes. */
  private static final Duration LONGEST_PROBE = Duration.ofSeconds(1);

  private static final Duration BREATH = Duration.ofMillis(5);

  private final int nodes;
  private final IntFunction<Talk> talks;
  private final AtomicBoolean done;
  private final AtomicInteger answered;
  private final Queue<String> failed;
  private final Set<Integer> ready = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch probed;
  private volatile boolean starting;

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
    this.probed = new CountDownLatch(nodes);
  }

  /**
   * Looks from now on who is ready, at each node for itself, so that one that is slow to answer
   * hides none of the others; returns once it knows.
   */
  List<Thread> probing() throws InterruptedException {
    List<Thread> probes =
        IntStream.range(0, nodes)
            .mapToObj(node -> Thread.ofPlatform().start(() -> probe(node)))
            .toList();
    probed.await();
    return probes;
  }

  /** A caller that asks for that account's token, one time after another. */
  Thread asking(long id) {
    return Thread.ofPlatform().start(() -> ask(id));
  }

  /** Whether a node starts, to whose JVM the callers should leave the most of two processors. */
  void starting(boolean now) {
    starting = now;
  }

  /** What a caller does between an answer and its next question. */
  void breathe() {
    if (starting) {
      Await.pass(BREATH);
    }
  }

  private void probe(int node) {
    while (!done.get()) {
      if (isReady(node)) {
        ready.add(node);
      } else {
        ready.remove(node);
      }
      probed.countDown();
      Await.pass(BETWEEN_PROBES);
    }
  }

  private boolean isReady(int node) {
    try {
      return talks.apply(node).within(LONGEST_PROBE).get("/health/ready").status() == 200;
    } catch (UncheckedIOException gone) {
      return false;
    }
  }

  private void ask(long id) {
    while (!done.get()) {
      breathe();
      List<Integer> open = List.copyOf(ready);
      if (open.isEmpty()) {
        Await.pass(BETWEEN_PROBES);
        continue;
      }
      int node = open.get(Math.floorMod(next.getAndIncrement(), open.size()));
      try {
        Answer answer = talks.apply(node).token(id);
        if (answer.status() == 200) {
          answered.incrementAndGet();
        } else {
          failed.add("node " + node + ": " + answer.status() + " " + answer.body());
        }
      } catch (UncheckedIOException failure) {
        if (!(failure.getCause() instanceof ConnectException)) {
          failed.add(failure.toString());
        }
      }
    }
  }
}
