package dev.evertoken.adapter.journal;

import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.port.Sealer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out groups of work; everything but {@link #size} belongs to the journal's thread. */
final class JournalWriter {

  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

  private final Journal journal;
  private final Payloads payloads;
  private volatile int size;
  private boolean alarmed;

  JournalWriter(Journal journal, Payloads payloads) {
    this.journal = journal;
    this.payloads = payloads;
    this.size = journal.size();
  }

  int size() {
    return size;
  }

  /** Writes the group as one, then tells everyone in it. */
  void run(List<Work> group) {
    Map<UUID, byte[]> kept = new LinkedHashMap<>();
    Set<UUID> discarded = new LinkedHashSet<>();
    for (Work work : group) {
      switch (work) {
        case Work.Keep keep -> prepare(keep, kept);
        case Work.Discard discard -> prepare(discard, kept, discarded);
        case Work.Pending pending -> {}
        case Work.Reseal reseal -> {}
        case Work.Stop stop -> {}
      }
    }
    try {
      write(kept, discarded);
    } catch (IOException | RuntimeException e) {
      alarm(e);
      group.forEach(JournalWriter::failWriting);
    }
    group.forEach(this::complete);
  }

  void close() throws IOException {
    journal.close();
  }

  private void prepare(Work.Keep keep, Map<UUID, byte[]> kept) {
    try {
      byte[] payload = payloads.kept(keep.entry());
      if (payload.length > Frames.LONGEST) {
        keep.promise().fail(new EscrowUnusable("the answer is too large"));
      } else {
        kept.put(keep.entry().attempt(), payload);
      }
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("cause", e.getClass().getSimpleName()).log("escrow cannot seal");
      keep.promise().fail(new EscrowUnusable("the answer cannot be sealed"));
    }
  }

  private void prepare(Work.Discard discard, Map<UUID, byte[]> kept, Set<UUID> discarded) {
    if (journal.holds(discard.attempt()) || kept.containsKey(discard.attempt())) {
      discarded.add(discard.attempt());
    }
  }

  private void write(Map<UUID, byte[]> kept, Set<UUID> discarded) throws IOException {
    if (!kept.isEmpty() || !discarded.isEmpty()) {
      journal.append(kept, discarded);
      size = journal.size();
      if (alarmed) {
        alarmed = false;
        LOG.info("escrow can be written again");
      }
    }
  }

  private void alarm(Exception failure) {
    if (!alarmed) {
      alarmed = true;
      LOG.atError()
          .addKeyValue("cause", failure.getClass().getSimpleName())
          .log("escrow cannot be written: a crash now would lose refresh tokens");
    }
  }

  private static void failWriting(Work work) {
    if (work instanceof Work.Keep || work instanceof Work.Discard) {
      work.fail(new EscrowUnusable("the disk cannot be written"));
    }
  }

  private void complete(Work work) {
    switch (work) {
      case Work.Keep keep -> keep.promise().tryComplete();
      case Work.Discard discard -> discard.promise().tryComplete();
      case Work.Pending pending -> pending.promise().tryComplete(opened());
      case Work.Reseal reseal -> reseal(reseal);
      case Work.Stop stop -> {}
    }
  }

  private void reseal(Work.Reseal work) {
    Map<UUID, byte[]> fresh = new LinkedHashMap<>();
    int left = 0;
    for (byte[] payload : journal.pending()) {
      if (!payloads.current(payload)) {
        try {
          fresh.put(Payloads.attempt(payload), payloads.resealed(payload));
        } catch (RuntimeException e) {
          left++;
        }
      }
    }
    try {
      journal.replace(fresh);
      work.promise().tryComplete(left);
    } catch (IOException | RuntimeException e) {
      alarm(e);
      work.fail(new EscrowUnusable("the disk cannot be written"));
    }
  }

  private List<Entry> opened() {
    List<Entry> entries = new ArrayList<>();
    for (byte[] payload : journal.pending()) {
      try {
        entries.add(payloads.open(payload));
      } catch (RuntimeException e) {
        String why = e instanceof Sealer.CannotOpen ? "does not open" : "cannot be read";
        LOG.atError().addKeyValue("cause", why).log("escrow record stays on disk, unused");
      }
    }
    return entries;
  }
}
