package dev.evertoken.app;

import dev.evertoken.port.EventLog;
import dev.evertoken.port.EventLog.Event;
import dev.evertoken.port.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the event log as this node follows it for its readers: one question a turn for all of
 * them, soon after a notice and every second by itself, and none while nobody reads.
 *
 * <p>Readers take from it what they have not had, at their own pace; it keeps the newest thousand
 * events for them. Safe for any thread.
 */
public final class EventTail {

  private static final Logger LOG = LoggerFactory.getLogger(EventTail.class);

  /** By then the node that published the notice has most likely written it. */
  private static final Duration AFTER_NOTICE = Duration.ofMillis(60);

  private static final Duration TURN = Duration.ofSeconds(1);
  private static final int KEPT = 1000;
  private static final int PAGE = 500;

  private final Scheduler scheduler;
  private final EventLog log;
  private final Set<Runnable> readers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean turning = new AtomicBoolean();
  private final AtomicBoolean soon = new AtomicBoolean();
  private final AtomicBoolean asking = new AtomicBoolean();

  // Guarded by this: the newest events, which follow one another without a gap after that id.
  private final Deque<Event> kept = new ArrayDeque<>();
  private long gapless = -1;

  /** Follows that log; nobody reads yet. */
  public EventTail(Scheduler scheduler, EventLog log) {
    this.scheduler = scheduler;
    this.log = log;
  }

  /** Calls whenever there may be more to take, on no particular thread. */
  public void join(Runnable reader) {
    readers.add(reader);
    if (turning.compareAndSet(false, true)) {
      turn();
    }
  }

  public void leave(Runnable reader) {
    readers.remove(reader);
  }

  /** The id of the newest event; empty while there is none. */
  public Future<Optional<Long>> newest() {
    return log.newest();
  }

  /** Whether who has seen that event can read on without missing one. */
  public Future<Boolean> reaches(long id) {
    return log.reaches(id);
  }

  /** What came after that event, oldest first; from memory where that reaches so far. */
  public Future<List<Event>> after(long id, int limit) {
    Optional<List<Event>> remembered = remembered(id, limit);
    return remembered.map(Future::succeededFuture).orElseGet(() -> log.after(id, limit));
  }

  /** Something happened on some node. */
  void heard() {
    if (!readers.isEmpty() && soon.compareAndSet(false, true)) {
      scheduler.after(AFTER_NOTICE, this::askSoon);
    }
  }

  private synchronized Optional<List<Event>> remembered(long id, int limit) {
    return gapless < 0 || id < gapless
        ? Optional.empty()
        : Optional.of(kept.stream().filter(event -> event.id() > id).limit(limit).toList());
  }

  private void turn() {
    if (readers.isEmpty()) {
      forget();
      turning.set(false);
      if (!readers.isEmpty() && turning.compareAndSet(false, true)) {
        turn();
      }
      return;
    }
    ask();
    scheduler.after(TURN, this::turn);
  }

  private void askSoon() {
    soon.set(false);
    ask();
  }

  private void ask() {
    if (!readers.isEmpty() && asking.compareAndSet(false, true)) {
      more().onFailure(EventTail::missed).onComplete(done -> asking.set(false));
    }
  }

  private Future<Void> more() {
    long from = newestKept();
    return from < 0
        ? log.newest().onSuccess(newest -> begin(newest.orElse(0L))).mapEmpty()
        : log.after(from, PAGE).compose(this::take);
  }

  private Future<Void> take(List<Event> events) {
    if (events.isEmpty()) {
      return Future.succeededFuture();
    }
    keep(events);
    readers.forEach(Runnable::run);
    return events.size() == PAGE ? more() : Future.succeededFuture();
  }

  private synchronized long newestKept() {
    return kept.isEmpty() ? gapless : kept.getLast().id();
  }

  private synchronized void begin(long newest) {
    kept.clear();
    gapless = newest;
  }

  private synchronized void keep(List<Event> events) {
    if (gapless < 0) {
      return;
    }
    kept.addAll(events);
    while (kept.size() > KEPT) {
      gapless = kept.removeFirst().id();
    }
  }

  private synchronized void forget() {
    kept.clear();
    gapless = -1;
  }

  private static void missed(Throwable failure) {
    LOG.atDebug().addKeyValue("cause", failure.getMessage()).log("events_missed");
  }
}
