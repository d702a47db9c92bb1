package dev.evertoken.adapter.journal;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is live and where it lies, by attempt: what the records say one after another. */
final class Index {

  private final Map<UUID, Slot> live = new LinkedHashMap<>();
  private final Map<UUID, Instant> committed = new LinkedHashMap<>();
  private long bytes;

  /** Takes in what a record says, which lies at that place. */
  void apply(Payloads.Read record, Slot slot) {
    switch (record) {
      case Payloads.Read.Kept kept -> put(kept.label().attempt(), slot);
      case Payloads.Read.Committed done -> commit(done.attempt(), done.at());
      case Payloads.Read.Discarded discarded -> remove(discarded.attempt());
      case Payloads.Read.Unknown unknown -> put(unknown.id(), slot);
    }
  }

  private void put(UUID attempt, Slot slot) {
    Slot before = live.put(attempt, slot);
    if (before != null) {
      forget(before);
    }
    slot.segment().gained();
    bytes += slot.size();
  }

  private void commit(UUID attempt, Instant at) {
    if (live.containsKey(attempt)) {
      committed.putIfAbsent(attempt, at);
    }
  }

  void remove(UUID attempt) {
    Slot slot = live.remove(attempt);
    committed.remove(attempt);
    if (slot != null) {
      forget(slot);
    }
  }

  private void forget(Slot slot) {
    slot.segment().lost();
    bytes -= slot.size();
  }

  /** Drops what was committed before that time. */
  void expire(Instant before) {
    Iterator<Map.Entry<UUID, Instant>> oldest = committed.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<UUID, Instant> next = oldest.next();
      if (next.getValue().isAfter(before)) {
        return;
      }
      oldest.remove();
      Slot slot = live.remove(next.getKey());
      if (slot != null) {
        forget(slot);
      }
    }
  }

  /** The same records lie elsewhere now. */
  void move(Map<UUID, Slot> places) {
    places.forEach(this::put);
  }

  boolean holds(UUID attempt) {
    return live.containsKey(attempt);
  }

  /** When it was committed, or null. */
  @Nullable Instant committedAt(UUID attempt) {
    return committed.get(attempt);
  }

  /** How many are not committed. */
  int pending() {
    return live.size() - committed.size();
  }

  long bytes() {
    return bytes;
  }

  /** In the order in which they were kept. */
  List<Map.Entry<UUID, Slot>> slots(Predicate<Map.Entry<UUID, Slot>> which) {
    return live.entrySet().stream().filter(which).map(Map.Entry::copyOf).toList();
  }
}
