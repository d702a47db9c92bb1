package dev.evertoken.adapter.journal;

import dev.evertoken.port.Escrow;
import dev.evertoken.port.Sealer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The escrow on this node's disk: one thread writes, in groups, and another one syncs what was
 * written.
 *
 * <p>No method blocks. Futures complete on the caller's Vert.x context. When the disk cannot be
 * written, {@link #keep} fails and the log alarms once; each further group tries anew. An answer
 * whose sync alone failed is held all the same, and written again to a new file.
 */
public final class JournalEscrow implements Escrow {

  private static final Logger LOG = LoggerFactory.getLogger(JournalEscrow.class);
  private static final int LONGEST_QUEUE = 10_000;
  private static final int LARGEST_GROUP = 256;
  private static final Duration BETWEEN_TURNS = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final FolderClaim claim;
  private final JournalWriter writer;
  private final Syncer syncer;
  private final Alarm alarm;
  private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private boolean closing;

  private JournalEscrow(
      Vertx vertx, FolderClaim claim, JournalWriter writer, Syncer syncer, Alarm alarm) {
    this.vertx = vertx;
    this.claim = claim;
    this.writer = writer;
    this.syncer = syncer;
    this.alarm = alarm;
  }

  /**
   * Opens the journal under {@code <dataDir>/escrow}, with what a former process left there.
   * Blocking. Fails when the folder cannot be made or read, or belongs to another live process.
   */
  public static JournalEscrow open(Vertx vertx, Path dataDir, Sealer sealer, InstantSource time)
      throws IOException {
    return open(vertx, dataDir, sealer, time, new Storage(Disk::create, Limits.SERVICE));
  }

  /** What tests exchange. */
  record Storage(SegmentFiles files, Limits limits) {}

  static JournalEscrow open(
      Vertx vertx, Path dataDir, Sealer sealer, InstantSource time, Storage storage)
      throws IOException {
    Path folder = dataDir.resolve("escrow");
    Disk.makeFolder(folder);
    FolderClaim claim = FolderClaim.take(folder);
    try {
      Alarm alarm = new Alarm();
      Syncer syncer = new Syncer(alarm);
      Journal journal = new Journal(folder, storage.files(), storage.limits(), syncer::retire);
      JournalWriter writer =
          new JournalWriter(journal, new Payloads(sealer), syncer, alarm, time, storage.limits());
      JournalEscrow escrow = new JournalEscrow(vertx, claim, writer, syncer, alarm);
      syncer.start();
      Thread.ofPlatform().name("escrow").start(escrow::run);
      return escrow;
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  @Override
  public Kept keep(Entry entry) {
    Promise<Void> written = Promise.promise();
    Promise<Void> durable = Promise.promise();
    submit(new Work.Keep(entry, written, durable));
    return new Kept(onCallersContext(written.future()), onCallersContext(durable.future()));
  }

  @Override
  public Future<Void> committed(UUID attempt) {
    return ask(promise -> new Work.Commit(attempt, promise));
  }

  @Override
  public Future<Void> discard(UUID attempt) {
    return ask(promise -> new Work.Discard(attempt, promise));
  }

  @Override
  public Future<List<Entry>> pending() {
    return ask(Work.Pending::new);
  }

  @Override
  public Future<List<Entry>> committedLately() {
    return ask(Work.CommittedLately::new);
  }

  @Override
  public Future<Integer> reseal() {
    return ask(Work.Reseal::new);
  }

  @Override
  public int size() {
    return writer.size();
  }

  /** Ends after everything asked for before; later calls fail. */
  public Future<Void> close() {
    Promise<Void> promise = Promise.promise();
    synchronized (queue) {
      if (closing) {
        return Future.succeededFuture();
      }
      closing = true;
      queue.add(new Work.Stop(promise));
    }
    return onCallersContext(promise.future());
  }

  /** Does what the writing thread does by itself every half minute. */
  Future<Void> tidy() {
    return ask(Work.Tidy::new);
  }

  private interface Making<T> {
    Work of(Promise<T> promise);
  }

  private <T> Future<T> ask(Making<T> making) {
    Promise<T> promise = Promise.promise();
    submit(making.of(promise));
    return onCallersContext(promise.future());
  }

  private void submit(Work work) {
    EscrowUnusable refusal = queued(work);
    if (refusal != null) {
      work.fail(refusal);
    }
  }

  private @Nullable EscrowUnusable queued(Work work) {
    synchronized (queue) {
      if (closing) {
        return new EscrowUnusable("the escrow is closed");
      }
      if (queue.size() >= LONGEST_QUEUE) {
        EscrowUnusable full = new EscrowUnusable("too much waits for the disk");
        alarm.failed(full);
        return full;
      }
      queue.add(work);
      return null;
    }
  }

  /** The writing thread must not run what follows. */
  private <T> Future<T> onCallersContext(Future<T> future) {
    Context context = vertx.getOrCreateContext();
    return Future.future(
        promise -> future.onComplete(end -> context.runOnContext(now -> promise.handle(end))));
  }

  private void run() {
    List<Work> group = new ArrayList<>();
    while (group.stream().noneMatch(Work.Stop.class::isInstance)) {
      group.clear();
      try {
        Work first = queue.poll(BETWEEN_TURNS.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          group.add(first);
          queue.drainTo(group, LARGEST_GROUP - 1);
        }
        writer.run(group);
      } catch (InterruptedException | RuntimeException e) {
        LOG.error("a bug in the escrow", e);
        group.forEach(work -> work.fail(new EscrowUnusable("a bug in the escrow")));
      }
    }
    end(group);
  }

  private void end(List<Work> last) {
    try (claim) {
      writer.close();
      syncer.end();
    } catch (IOException | InterruptedException e) {
      LOG.atWarn().addKeyValue("cause", e.getClass().getSimpleName()).log("escrow not closed");
    }
    for (Work work : last) {
      if (work instanceof Work.Stop stop) {
        stop.promise().tryComplete();
      }
    }
  }
}
