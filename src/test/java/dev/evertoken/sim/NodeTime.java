package dev.evertoken.sim;

import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import dev.evertoken.sim.VirtualTime.Event;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The time of one process in a {@link VirtualTime}. While it is frozen, what falls due waits, and
 * runs all at once when it thaws; after a crash nothing of it ever runs.
 */
public final class NodeTime implements Time, Scheduler {

  private final VirtualTime time;
  private final Map<Long, Event> timers = new HashMap<>();
  private final List<Event> held = new ArrayList<>();
  private Duration offset = Duration.ZERO;
  private boolean frozen;
  private boolean crashed;

  NodeTime(VirtualTime time) {
    this.time = time;
  }

  /** By how much this node's wall clock is ahead. */
  public void offset(Duration ahead) {
    offset = ahead;
  }

  /** As SIGSTOP does. */
  public void freeze() {
    frozen = true;
  }

  /** As SIGCONT does. */
  public void thaw() {
    frozen = false;
    held.forEach(time::again);
    held.clear();
  }

  /** As SIGKILL does; a restarted node gets another view. */
  public void crash() {
    crashed = true;
    held.clear();
    timers.clear();
  }

  public boolean frozen() {
    return frozen;
  }

  public boolean crashed() {
    return crashed;
  }

  @Override
  public Instant instant() {
    return time.instant().plus(offset);
  }

  @Override
  public long nanos() {
    return time.nanos();
  }

  @Override
  public long after(Duration wait, Runnable work) {
    Event event = time.add(this, wait, work);
    timers.put(event.number, event);
    return event.number;
  }

  @Override
  public boolean cancel(long timer) {
    Event event = timers.remove(timer);
    if (event == null) {
      return false;
    }
    event.work = null;
    return true;
  }

  @Override
  public void soon(Runnable work) {
    time.add(this, Duration.ZERO, work);
  }

  @Override
  public <T> Future<T> here(Future<T> elsewhere) {
    Promise<T> here = Promise.promise();
    elsewhere.onComplete(done -> soon(() -> here.handle(done)));
    return here.future();
  }

  @Override
  public Future<Void> pause(Duration wait) {
    Promise<Void> over = Promise.promise();
    after(wait, over::complete);
    return over.future();
  }

  void run(Event event) {
    @Nullable Runnable work = event.work;
    if (crashed || work == null) {
      return;
    }
    if (frozen) {
      held.add(event);
      return;
    }
    event.work = null;
    timers.remove(event.number);
    work.run();
  }
}
