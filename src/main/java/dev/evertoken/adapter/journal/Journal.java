package dev.evertoken.adapter.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of one folder and what is live in them. For one thread; every method may block.
 *
 * <p>Only the newest segment is appended to, and segments are deleted from the oldest on, so that
 * the mark which ends a record is never gone before the record. A record that would keep an old
 * segment alive for too little is moved to the newest one.
 */
final class Journal {

  /** How long a committed answer stays, for a database that loses its latest commits. */
  static final Duration COMMITTED_FOR = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int LIVE_SHARE = 4;
  private static final int MANY_SEGMENTS = 32;

  private final Path folder;
  private final SegmentFiles files;
  private final Limits limits;
  private final Consumer<Segment> retire;
  private final Index index = new Index();
  private final Deque<Segment> segments = new ArrayDeque<>();
  private long number;
  private @Nullable Segment current;

  /**
   * Reads what a former process left.
   *
   * @param retire closes a segment that is written no more, once its syncs are done
   */
  Journal(Path folder, SegmentFiles files, Limits limits, Consumer<Segment> retire)
      throws IOException {
    this.folder = folder;
    this.files = files;
    this.limits = limits;
    this.retire = retire;
    for (Path file : Segments.in(folder)) {
      Segment segment = Segment.found(file);
      segments.addLast(segment);
      for (Frames.Found found : Segments.records(file)) {
        apply(found.payload(), segment, found.offset());
      }
      number = Segments.number(file);
    }
  }

  private void apply(byte[] payload, Segment segment, long offset) {
    index.apply(Payloads.read(payload), new Slot(segment, offset, payload.length));
  }

  /** How many are not committed. */
  int size() {
    return index.pending();
  }

  /** How much room everything live takes. */
  long bytes() {
    return index.bytes();
  }

  boolean holds(UUID attempt) {
    return index.holds(attempt);
  }

  boolean committed(UUID attempt) {
    return index.committedAt(attempt) != null;
  }

  /**
   * Writes all of it with one write, without a sync, and returns where to. When it fails, nothing
   * of it counts as written, and the next append uses a new file.
   */
  Segment append(List<byte[]> payloads) throws IOException {
    Segment target = writable();
    long at;
    try {
      at = target.append(Frames.of(payloads));
    } catch (IOException e) {
      leave();
      throw e;
    }
    for (byte[] payload : payloads) {
      apply(payload, target, at);
      at += Frames.size(payload);
    }
    return target;
  }

  /** The answers that are committed or not, in the order in which they were kept. */
  void read(boolean committed, Consumer<byte[]> to) throws IOException {
    try (SegmentReader reader = new SegmentReader()) {
      for (Map.Entry<UUID, Slot> each :
          index.slots(slot -> committed(slot.getKey()) == committed)) {
        read(reader, each.getValue(), to);
      }
    }
  }

  /** One that cannot be read keeps none of the others. */
  private static void read(SegmentReader reader, Slot slot, Consumer<byte[]> to) {
    byte[] payload;
    try {
      payload = reader.read(slot);
    } catch (IOException e) {
      unreadable(slot, e);
      return;
    }
    to.accept(payload);
  }

  /**
   * Drops what was committed long enough ago, and files with nothing live. It may fail at no cost
   * but room: the records are safe.
   */
  void tidy(Instant now) throws IOException {
    index.expire(now.minus(COMMITTED_FOR));
    rescue();
    drop();
    compact();
  }

  /** Writes everything live anew, each as that says; nothing older stays on the disk. */
  void rewrite(UnaryOperator<byte[]> as) throws IOException {
    leave();
    move(slot -> true, as);
    drop();
  }

  void close() {
    leave();
  }

  private Segment writable() throws IOException {
    if (current != null && (current.doubtful() || current.bytes() >= limits.segment())) {
      leave();
    }
    Segment open = current;
    if (open == null) {
      open = Segment.create(Segments.file(folder, ++number), files);
      segments.addLast(open);
      current = open;
    }
    return open;
  }

  private void leave() {
    if (current != null) {
      retire.accept(current);
      current = null;
    }
  }

  /** What lies in a file whose sync failed may be on no disk: it is written again. */
  private void rescue() throws IOException {
    if (segments.stream().anyMatch(segment -> segment.doubtful() && segment.live() > 0)) {
      move(slot -> slot.segment().doubtful(), UnaryOperator.identity());
    }
  }

  private void drop() throws IOException {
    Segment oldest = segments.peekFirst();
    while (oldest != null && oldest.live() == 0 && (oldest != current || worthClearing(oldest))) {
      if (oldest == current) {
        leave();
      }
      Files.deleteIfExists(oldest.path());
      segments.removeFirst();
      oldest = segments.peekFirst();
    }
  }

  private boolean worthClearing(Segment segment) {
    return segment.bytes() >= limits.clear();
  }

  private void compact() throws IOException {
    Segment oldest = segments.peekFirst();
    while (oldest != null && oldest != current && wasteful()) {
      Segment from = oldest;
      move(slot -> slot.segment().equals(from), UnaryOperator.identity());
      drop();
      oldest = segments.peekFirst();
    }
  }

  private boolean wasteful() {
    long total = segments.stream().mapToLong(Segment::bytes).sum();
    return total > Math.max(limits.slack(), LIVE_SHARE * index.bytes())
        || segments.size() > MANY_SEGMENTS + 2 * total / limits.segment();
  }

  /**
   * Writes those records once more, at the end, and makes them durable; only then do they count as
   * moved. One that is damaged is given up, since no key opens it any more.
   */
  private void move(Predicate<Slot> which, UnaryOperator<byte[]> as) throws IOException {
    Map<UUID, Slot> places = new LinkedHashMap<>();
    Set<UUID> damaged = new HashSet<>();
    Segment target = null;
    try (SegmentReader reader = new SegmentReader()) {
      for (Map.Entry<UUID, Slot> each : index.slots(slot -> which.test(slot.getValue()))) {
        Segment next = writable();
        if (target != null && target != next) {
          target.force();
        }
        target = next;
        try {
          byte[] payload = as.apply(reader.read(each.getValue()));
          places.put(each.getKey(), written(next, each.getKey(), payload));
        } catch (DamagedRecord e) {
          unreadable(each.getValue(), e);
          damaged.add(each.getKey());
        }
      }
      if (target != null) {
        target.force();
      }
    } catch (IOException e) {
      leave();
      throw e;
    }
    index.move(places);
    damaged.forEach(index::remove);
  }

  /** With the mark that it was committed, which lies in an older file. */
  private Slot written(Segment target, UUID attempt, byte[] payload) throws IOException {
    List<byte[]> records = new ArrayList<>(List.of(payload));
    Instant committedAt = index.committedAt(attempt);
    if (committedAt != null) {
      records.add(Payloads.committed(attempt, committedAt));
    }
    return new Slot(target, target.append(Frames.of(records)), payload.length);
  }

  private static void unreadable(Slot slot, IOException failure) {
    LOG.atError()
        .addKeyValue("cause", failure.getClass().getSimpleName())
        .addKeyValue("file", slot.segment().path().getFileName())
        .log("escrow record cannot be read from the disk");
  }
}
