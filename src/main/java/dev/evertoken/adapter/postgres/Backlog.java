package dev.evertoken.adapter.postgres;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be written behind what it tells of, in order; bounded: the oldest goes first. Safe
 * for any thread.
 */
final class Backlog<E> {

  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  private final String loss;
  private final int most;
  private final ConcurrentLinkedQueue<E> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  /**
   * Makes an empty one.
   *
   * @param loss what the log says when one has to go unwritten
   */
  Backlog(String loss, int most) {
    this.loss = loss;
    this.most = most;
  }

  void add(E entry) {
    waiting.add(entry);
    if (size.incrementAndGet() > most && waiting.poll() != null) {
      size.decrementAndGet();
      LOG.atError().addKeyValue("cause", "PostgreSQL has been away for long").log(loss);
    }
  }

  int size() {
    return size.get();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The oldest ones; they stay until they are {@link #written}. */
  List<E> oldest(int limit) {
    return waiting.stream().limit(limit).toList();
  }

  void written(List<E> entries) {
    entries.stream().filter(waiting::remove).forEach(entry -> size.decrementAndGet());
  }
}
