package dev.evertoken.memory;

import dev.evertoken.port.Escrow;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The journal of one process on a {@link Disk} that outlives it. What was not yet written when the
 * process died is lost.
 */
public final class MemoryEscrow implements Escrow {

  private static final Duration KEPT = Duration.ofMinutes(10);

  /** The disk of one node. */
  public static final class Disk {
    private final Map<UUID, Entry> pending = new LinkedHashMap<>();
    private final Map<UUID, Committed> committed = new LinkedHashMap<>();
    private boolean failing;

    /** Whether nothing can be written. */
    public void failing(boolean broken) {
      failing = broken;
    }

    /** What is on it and not committed, oldest first. */
    public List<Entry> pending() {
      return List.copyOf(pending.values());
    }

    /** Everything on it, oldest first. */
    public List<Entry> all() {
      List<Entry> all = new ArrayList<>(pending.values());
      committed.values().forEach(record -> all.add(record.entry));
      return all;
    }
  }

  private record Committed(Entry entry, Instant at) {}

  private final Disk disk;
  private final Scheduler scheduler;
  private final Time time;
  private final Supplier<Duration> latency;

  /** Opens the disk for a process, whose scheduler also does the writing. */
  public MemoryEscrow(Disk disk, Scheduler scheduler, Time time, Supplier<Duration> latency) {
    this.disk = disk;
    this.scheduler = scheduler;
    this.time = time;
    this.latency = latency;
  }

  @Override
  public Kept keep(Entry entry) {
    Promise<Void> written = Promise.promise();
    Promise<Void> durable = Promise.promise();
    scheduler.after(latency.get(), () -> write(entry, written, durable));
    return new Kept(written.future(), durable.future());
  }

  private void write(Entry entry, Promise<Void> written, Promise<Void> durable) {
    if (disk.failing) {
      IllegalStateException full = new IllegalStateException("the escrow cannot be written");
      written.fail(full);
      durable.fail(full);
      return;
    }
    disk.pending.put(entry.attempt(), entry);
    scheduler.after(latency.get(), durable::complete);
    written.complete();
  }

  @Override
  public Future<Void> committed(UUID attempt) {
    return soon(
        () -> {
          Entry entry = disk.pending.remove(attempt);
          if (entry != null) {
            disk.committed.put(attempt, new Committed(entry, time.instant()));
          }
          return null;
        });
  }

  @Override
  public Future<Void> discard(UUID attempt) {
    return soon(
        () -> {
          disk.pending.remove(attempt);
          disk.committed.remove(attempt);
          return null;
        });
  }

  @Override
  public Future<List<Entry>> pending() {
    return soon(disk::pending);
  }

  @Override
  public Future<List<Entry>> committedLately() {
    return soon(
        () -> {
          Instant oldest = time.instant().minus(KEPT);
          disk.committed.values().removeIf(record -> record.at.isBefore(oldest));
          return disk.committed.values().stream().map(Committed::entry).toList();
        });
  }

  private <T> Future<T> soon(Supplier<T> work) {
    Promise<T> done = Promise.promise();
    scheduler.after(latency.get(), () -> done.complete(work.get()));
    return done.future();
  }

  @Override
  public Future<Integer> reseal() {
    return Future.succeededFuture(0);
  }

  @Override
  public int size() {
    return disk.pending.size();
  }
}
