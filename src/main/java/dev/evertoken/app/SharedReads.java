package dev.evertoken.app;

import dev.evertoken.app.AccountReader.Read;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The reads that are under way: several of one account at a time are one. */
final class SharedReads {

  /** A read, and since when it is under way. */
  record Running(Future<Read> read, long since) {}

  private final Time time;
  private final ConcurrentHashMap<Long, Running> running = new ConcurrentHashMap<>();

  SharedReads(Time time) {
    this.time = time;
  }

  /** Joins the read of the account, or starts it. */
  Running join(long id, Supplier<Future<Read>> read) {
    Running known = running.get(id);
    if (known != null) {
      return known;
    }
    long since = time.nanos();
    Running started = new Running(read.get(), since);
    if (!started.read().isComplete()) {
      running.put(id, started);
      started.read().onComplete(done -> running.remove(id, started));
    }
    return started;
  }

  boolean runs(long id) {
    return running.containsKey(id);
  }

  /** What is left of that patience with the read, counted from its start. */
  Duration left(Running read, Duration patience) {
    return patience.minusNanos(time.nanos() - read.since());
  }
}
