package dev.evertoken.adapter.journal;

import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.port.Sealer;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out groups of work; everything but {@link #size} belongs to the journal's thread. */
final class JournalWriter {

  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

  private final Journal journal;
  private final Payloads payloads;
  private final Syncer syncer;
  private final Alarm alarm;
  private final InstantSource time;
  private final Limits limits;
  private Chunk chunk = new Chunk();
  private boolean large;
  private volatile int size;

  JournalWriter(
      Journal journal,
      Payloads payloads,
      Syncer syncer,
      Alarm alarm,
      InstantSource time,
      Limits limits) {
    this.journal = journal;
    this.payloads = payloads;
    this.syncer = syncer;
    this.alarm = alarm;
    this.time = time;
    this.limits = limits;
    tidy();
  }

  int size() {
    return size;
  }

  /** Carries the group out in its order, in as few writes as that allows. */
  void run(List<Work> group) {
    for (Work work : group) {
      switch (work) {
        case Work.Keep keep -> keep(keep);
        case Work.Commit commit -> commit(commit);
        case Work.Discard discard -> discard(discard);
        case Work.Pending pending -> read(false, pending.promise());
        case Work.CommittedLately lately -> read(true, lately.promise());
        case Work.Reseal reseal -> reseal(reseal);
        case Work.Tidy asked -> flush();
        case Work.Stop stop -> flush();
      }
      if (chunk.isFull()) {
        flush();
      }
    }
    flush();
    tidy();
    group.forEach(JournalWriter::tidied);
  }

  void close() {
    journal.close();
  }

  private void keep(Work.Keep work) {
    try {
      byte[] payload = payloads.kept(work.entry());
      if (payload.length > Frames.LONGEST) {
        work.fail(new EscrowUnusable("the answer is too large"));
      } else {
        chunk.add(work, payload);
      }
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("cause", e.getClass().getSimpleName()).log("escrow cannot seal");
      work.fail(new EscrowUnusable("the answer cannot be sealed"));
    }
  }

  private void commit(Work.Commit work) {
    if (holds(work.attempt()) && !journal.committed(work.attempt())) {
      chunk.add(work, Payloads.committed(work.attempt(), time.instant()));
    } else {
      work.promise().tryComplete();
    }
  }

  private void discard(Work.Discard work) {
    if (holds(work.attempt())) {
      chunk.add(work, Payloads.discarded(work.attempt()));
    } else {
      work.promise().tryComplete();
    }
  }

  private boolean holds(UUID attempt) {
    return journal.holds(attempt) || chunk.keeps(attempt);
  }

  private void flush() {
    if (chunk.isEmpty()) {
      return;
    }
    Chunk full = chunk;
    chunk = new Chunk();
    try {
      Segment where = journal.append(full.payloads());
      size = journal.size();
      full.works().forEach(work -> written(work, where));
    } catch (IOException | RuntimeException e) {
      alarm.failed(e);
      full.works().forEach(work -> work.fail(new EscrowUnusable("the disk cannot be written")));
    }
  }

  private void written(Work work, Segment where) {
    switch (work) {
      case Work.Keep keep -> {
        keep.written().tryComplete();
        syncer.sync(where, keep.durable());
      }
      case Work.Commit commit -> commit.promise().tryComplete();
      case Work.Discard discard -> discard.promise().tryComplete();
      case Work.Pending pending -> {}
      case Work.CommittedLately lately -> {}
      case Work.Reseal reseal -> {}
      case Work.Tidy tidy -> {}
      case Work.Stop stop -> {}
    }
  }

  private static void tidied(Work work) {
    if (work instanceof Work.Tidy tidy) {
      tidy.promise().tryComplete();
    }
  }

  private void tidy() {
    try {
      journal.tidy(time.instant());
    } catch (IOException | RuntimeException e) {
      alarm.failed(e);
    }
    size = journal.size();
    boolean over = journal.bytes() > limits.large();
    if (over && !large) {
      LOG.atError().addKeyValue("bytes", journal.bytes()).log("escrow_large");
    }
    large = over;
  }

  private void reseal(Work.Reseal work) {
    flush();
    Resealing resealing = new Resealing(payloads);
    try {
      journal.rewrite(resealing::resealed);
      work.promise().tryComplete(resealing.left());
    } catch (IOException | RuntimeException e) {
      alarm.failed(e);
      work.fail(new EscrowUnusable("the disk cannot be written"));
    }
  }

  private void read(boolean committed, Promise<List<Entry>> promise) {
    flush();
    List<Entry> entries = new ArrayList<>();
    try {
      journal.read(committed, payload -> open(payload, entries));
      // A record that was moved to a newer file is no newer for that.
      entries.sort(Comparator.comparing(Entry::requestedAt));
      promise.tryComplete(entries);
    } catch (IOException | RuntimeException e) {
      LOG.atError().addKeyValue("cause", e.getClass().getSimpleName()).log("escrow not read");
      promise.tryFail(new EscrowUnusable("the disk cannot be read"));
    }
  }

  private void open(byte[] payload, List<Entry> entries) {
    try {
      entries.add(payloads.open(payload));
    } catch (RuntimeException e) {
      String why = e instanceof Sealer.CannotOpen ? "does not open" : "cannot be read";
      LOG.atError().addKeyValue("cause", why).log("escrow record stays on disk, unused");
    }
  }

  /** Brings records under the primary key, and counts those that it cannot open. */
  private static final class Resealing {

    private final Payloads payloads;
    private int left;

    private Resealing(Payloads payloads) {
      this.payloads = payloads;
    }

    int left() {
      return left;
    }

    byte[] resealed(byte[] payload) {
      try {
        return payloads.current(payload) ? payload : payloads.resealed(payload);
      } catch (RuntimeException e) {
        left++;
        return payload;
      }
    }
  }
}
