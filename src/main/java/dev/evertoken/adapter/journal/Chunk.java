package dev.evertoken.adapter.journal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What is written with one write, and the work that asked for it. */
final class Chunk {

  private static final int FULL = 1 << 20;

  private final List<Work> works = new ArrayList<>();
  private final List<byte[]> payloads = new ArrayList<>();
  private final Set<UUID> kept = new HashSet<>();
  private long bytes;

  void add(Work work, byte[] payload) {
    works.add(work);
    payloads.add(payload);
    bytes += payload.length;
    if (work instanceof Work.Keep keep) {
      kept.add(keep.entry().attempt());
    }
  }

  boolean keeps(UUID attempt) {
    return kept.contains(attempt);
  }

  boolean isEmpty() {
    return works.isEmpty();
  }

  boolean isFull() {
    return bytes >= FULL;
  }

  List<Work> works() {
    return works;
  }

  List<byte[]> payloads() {
    return payloads;
  }
}
