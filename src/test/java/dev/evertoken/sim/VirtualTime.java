package dev.evertoken.sim;

import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock and a queue of events on one thread: time passes only when a test says so, and all that
 * falls due meanwhile runs in that call.
 *
 * <p>A unit test needs no more than {@code new VirtualTime()}, which runs events of the same time
 * in the order of their asking. A simulation gives a seed, which shuffles them, and takes a {@link
 * #node view of each node}, so that a process can freeze or die. Whatever an event throws comes out
 * of the call that ran it.
 */
public final class VirtualTime implements Time, Scheduler {

  public static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private static final int MOST_AT_ONE_TIME = 1_000_000;

  private final PriorityQueue<Event> events = new PriorityQueue<>();

  private final @Nullable Random order;
  private final NodeTime whole;
  private long nanos = 1_000_000_000;
  private long numbers;
  private int atThisTime;

  /** Events of the same time run in the order in which they were asked for. */
  public VirtualTime() {
    this(null);
  }

  /** Events of the same time run in an order that the seed decides. */
  public static VirtualTime shuffled(long seed) {
    return new VirtualTime(new Random(seed));
  }

  private VirtualTime(@Nullable Random order) {
    this.order = order;
    this.whole = new NodeTime(this);
  }

  /** Time and scheduler of one process, which can freeze and die. */
  public NodeTime node() {
    return new NodeTime(this);
  }

  @Override
  public Instant instant() {
    return START.plusNanos(nanos - 1_000_000_000);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public long after(Duration wait, Runnable work) {
    return whole.after(wait, work);
  }

  @Override
  public boolean cancel(long timer) {
    return whole.cancel(timer);
  }

  @Override
  public void soon(Runnable work) {
    whole.soon(work);
  }

  @Override
  public <T> Future<T> here(Future<T> elsewhere) {
    return whole.here(elsewhere);
  }

  @Override
  public Future<Void> pause(Duration wait) {
    return whole.pause(wait);
  }

  /** Runs all that is due now, and what falls due by it, without letting time pass. */
  public void settle() {
    advance(Duration.ZERO);
  }

  /** Lets that time pass, and runs what falls due in it. */
  public void advance(Duration by) {
    long end = nanos + by.toNanos();
    while (step(end)) {}
    nanos = Math.max(nanos, end);
  }

  /**
   * Lets time pass until the condition holds, for that long at the most; looks at it after every
   * event.
   *
   * @return whether it holds
   */
  public boolean runUntil(BooleanSupplier condition, Duration most) {
    long end = nanos + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (!step(end)) {
        nanos = Math.max(nanos, end);
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /**
   * The result of the future, for which at most an hour passes; its failure is thrown if it is
   * unchecked.
   */
  public <T> T get(Future<T> future) {
    return get(future, () -> "the future is still open after an hour");
  }

  private <T> T get(Future<T> future, Supplier<String> open) {
    if (!runUntil(future::isComplete, Duration.ofHours(1))) {
      throw new AssertionError(open.get());
    }
    if (future.cause() instanceof RuntimeException failure) {
      throw failure;
    }
    if (future.failed()) {
      throw new AssertionError(future.cause());
    }
    return future.result();
  }

  /** How the future failed, for which at most an hour passes. */
  public Throwable failure(Future<?> future) {
    if (!runUntil(future::isComplete, Duration.ofHours(1)) || future.succeeded()) {
      throw new AssertionError("the future did not fail: " + future);
    }
    return future.cause();
  }

  /** How many events wait for their time, those of frozen nodes aside. */
  public int waiting() {
    return (int) events.stream().filter(event -> event.work != null).count();
  }

  private boolean step(long end) {
    Event next = events.peek();
    if (next == null || next.due > end) {
      return false;
    }
    events.poll();
    if (next.due > nanos) {
      nanos = next.due;
      atThisTime = 0;
    }
    if (++atThisTime > MOST_AT_ONE_TIME) {
      throw new AssertionError("events without end at " + instant());
    }
    next.owner.run(next);
    return true;
  }

  Event add(NodeTime owner, Duration wait, Runnable work) {
    long due = nanos + Math.max(0, wait.toNanos());
    Event event = new Event(due, rank(), numbers++, owner, work);
    events.add(event);
    return event;
  }

  /** A thawed process finds all that fell due meanwhile at once. */
  void again(Event event) {
    event.due = Math.max(event.due, nanos);
    events.add(event);
  }

  private int rank() {
    return order == null ? 0 : order.nextInt();
  }

  /** Something to be done at its time; {@code work} is null once it was done or cancelled. */
  static final class Event implements Comparable<Event> {
    private long due;
    private final int rank;
    final long number;
    private final NodeTime owner;
    @Nullable Runnable work;

    Event(long due, int rank, long number, NodeTime owner, Runnable work) {
      this.due = due;
      this.rank = rank;
      this.number = number;
      this.owner = owner;
      this.work = work;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(due, other.due);
      int byRank = byTime == 0 ? Integer.compare(rank, other.rank) : byTime;
      return byRank == 0 ? Long.compare(number, other.number) : byRank;
    }
  }
}
