package dev.evertoken.adapter.journal;

import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs what was written, on a thread of its own, so that a slow disk delays no write. What came
 * while one sync ran shares the next one.
 */
final class Syncer {

  private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);

  private final Alarm alarm;
  private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().name("escrow-sync").unstarted(this::run);

  Syncer(Alarm alarm) {
    this.alarm = alarm;
  }

  private sealed interface Task {

    record Sync(Segment segment, Promise<Void> durable) implements Task {}

    record Retire(Segment segment) implements Task {}

    record End() implements Task {}
  }

  void start() {
    thread.start();
  }

  /** Completes the promise once everything that was appended to the segment is on disk. */
  void sync(Segment segment, Promise<Void> durable) {
    queue.add(new Task.Sync(segment, durable));
  }

  /** Closes the segment after its syncs. */
  void retire(Segment segment) {
    queue.add(new Task.Retire(segment));
  }

  /** Ends after everything asked for before; blocks until then. */
  void end() throws InterruptedException {
    queue.add(new Task.End());
    thread.join();
  }

  private void run() {
    List<Task> group = new ArrayList<>();
    while (group.stream().noneMatch(Task.End.class::isInstance)) {
      group.clear();
      try {
        group.add(queue.take());
        queue.drainTo(group);
        carryOut(group);
      } catch (InterruptedException | RuntimeException e) {
        LOG.error("a bug in the escrow", e);
      }
    }
  }

  private void carryOut(List<Task> group) {
    Map<Segment, Optional<EscrowUnusable>> synced = new HashMap<>();
    for (Task task : group) {
      switch (task) {
        case Task.Sync sync ->
            synced
                .computeIfAbsent(sync.segment(), this::force)
                .ifPresentOrElse(sync.durable()::tryFail, sync.durable()::tryComplete);
        case Task.Retire retire -> close(retire.segment());
        case Task.End end -> {}
      }
    }
  }

  private Optional<EscrowUnusable> force(Segment segment) {
    try {
      segment.force();
      alarm.worked();
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      alarm.failed(e);
      return Optional.of(new EscrowUnusable("the disk cannot be written"));
    }
  }

  private static void close(Segment segment) {
    try {
      segment.close();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cause", e.getClass().getSimpleName()).log("escrow not closed");
    }
  }
}
