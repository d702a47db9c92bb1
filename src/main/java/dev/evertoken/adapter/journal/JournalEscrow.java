package dev.evertoken.adapter.journal;

import dev.evertoken.port.Escrow;
import dev.evertoken.port.Sealer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The escrow on this node's disk: what queued up while one group was synced is the next group,
 * written with one write and one sync by a thread of its own.
 *
 * <p>No method blocks. Futures complete on the caller's Vert.x context. When the disk cannot be
 * written, {@link #keep} fails and the log alarms once; each further group tries anew.
 */
public final class JournalEscrow implements Escrow {

  private static final Logger LOG = LoggerFactory.getLogger(JournalEscrow.class);
  private static final int LONGEST_QUEUE = 10_000;
  private static final int LARGEST_GROUP = 256;

  private final Vertx vertx;
  private final FolderClaim claim;
  private final JournalWriter writer;
  private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private boolean closing;

  private JournalEscrow(Vertx vertx, FolderClaim claim, JournalWriter writer) {
    this.vertx = vertx;
    this.claim = claim;
    this.writer = writer;
  }

  /**
   * Opens the journal under {@code <dataDir>/escrow}, with what a former process left there.
   * Blocking. Fails when the folder cannot be made or read, or belongs to another live process.
   */
  public static JournalEscrow open(Vertx vertx, Path dataDir, Sealer sealer) throws IOException {
    return open(vertx, dataDir, sealer, Disk::create);
  }

  static JournalEscrow open(Vertx vertx, Path dataDir, Sealer sealer, SegmentFiles files)
      throws IOException {
    Path folder = dataDir.resolve("escrow");
    Disk.makeFolder(folder);
    FolderClaim claim = FolderClaim.take(folder);
    try {
      JournalWriter writer = new JournalWriter(new Journal(folder, files), new Payloads(sealer));
      JournalEscrow escrow = new JournalEscrow(vertx, claim, writer);
      Thread.ofPlatform().name("escrow").start(escrow::run);
      return escrow;
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  @Override
  public Kept keep(Entry entry) {
    Future<Void> durable = submit(promise -> new Work.Keep(entry, promise));
    return new Kept(durable, durable);
  }

  @Override
  public Future<Void> committed(UUID attempt) {
    return discard(attempt);
  }

  @Override
  public Future<List<Entry>> committedLately() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Void> discard(UUID attempt) {
    return submit(promise -> new Work.Discard(attempt, promise));
  }

  @Override
  public Future<List<Entry>> pending() {
    return submit(Work.Pending::new);
  }

  @Override
  public Future<Integer> reseal() {
    return submit(Work.Reseal::new);
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

  private interface Making<T> {
    Work of(Promise<T> promise);
  }

  private <T> Future<T> submit(Making<T> making) {
    Promise<T> promise = Promise.promise();
    synchronized (queue) {
      if (closing) {
        return Future.failedFuture(new EscrowUnusable("the escrow is closed"));
      }
      if (queue.size() >= LONGEST_QUEUE) {
        LOG.error("escrow cannot keep up: too much waits for the disk");
        return Future.failedFuture(new EscrowUnusable("too much waits for the disk"));
      }
      queue.add(making.of(promise));
    }
    return onCallersContext(promise.future());
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
        group.add(queue.take());
        queue.drainTo(group, LARGEST_GROUP - 1);
        writer.run(group);
      } catch (InterruptedException | RuntimeException e) {
        LOG.error("a bug in the escrow", e);
      }
    }
    end(group);
  }

  private void end(List<Work> last) {
    try (claim) {
      writer.close();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cause", e.getClass().getSimpleName()).log("escrow not closed");
    }
    last.forEach(Work::stopped);
  }
}
