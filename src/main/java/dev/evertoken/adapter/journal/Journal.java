package dev.evertoken.adapter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of one folder and what is live in them. For one thread; every method may block.
 *
 * <p>After any failed write or sync the segment is not trusted any more: the next append starts a
 * new one with everything live, and only when that is on disk do the older ones go.
 */
final class Journal {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** An empty journal is cleared, and one with few live records rewritten, from these sizes on. */
  private static final long CLEAR_FROM = 64 << 10;

  private static final long REWRITE_FROM = 16 << 20;
  private static final int LIVE_SHARE = 4;

  private final Path folder;
  private final SegmentFiles files;
  private final Map<UUID, byte[]> live;
  private long number;
  private @Nullable SegmentFile segment;

  Journal(Path folder, SegmentFiles files) throws IOException {
    this.folder = folder;
    this.files = files;
    this.live = Segments.live(folder);
    List<Path> found = Segments.in(folder);
    this.number = found.isEmpty() ? 0 : Segments.number(found.getLast());
  }

  int size() {
    return live.size();
  }

  List<byte[]> pending() {
    return List.copyOf(live.values());
  }

  boolean holds(UUID attempt) {
    return live.containsKey(attempt);
  }

  /**
   * Writes the group with one write and, where something is kept in it, one sync. When it fails,
   * nothing of the group counts as written.
   */
  void append(Map<UUID, byte[]> kept, Collection<UUID> discarded) throws IOException {
    List<byte[]> marks = discarded.stream().map(Payloads::discarded).toList();
    try {
      SegmentFile current = segment == null ? rewritten() : segment;
      current.append(framed(kept.values(), marks));
      if (!kept.isEmpty()) {
        current.force();
      }
    } catch (IOException e) {
      distrust();
      throw e;
    }
    live.putAll(kept);
    discarded.forEach(live::remove);
    tidy();
  }

  /**
   * Puts other payloads in the place of what is kept for these attempts, and everything that is
   * live into a new segment; of the older ones nothing stays on the disk.
   */
  void replace(Map<UUID, byte[]> fresh) throws IOException {
    if (Segments.in(folder).isEmpty()) {
      return;
    }
    distrust();
    Map<UUID, byte[]> before = new LinkedHashMap<>(live);
    fresh.forEach(live::replace);
    try {
      rewritten();
    } catch (IOException e) {
      live.putAll(before);
      throw e;
    }
  }

  void close() throws IOException {
    if (segment != null) {
      segment.close();
    }
  }

  /** A new segment with everything live; the older ones are gone when it returns. */
  private SegmentFile rewritten() throws IOException {
    List<Path> older = Segments.in(folder);
    SegmentFile fresh = files.create(Segments.file(folder, ++number));
    try {
      if (!live.isEmpty()) {
        fresh.append(framed(live.values(), List.of()));
        fresh.force();
      }
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    segment = fresh;
    for (Path file : older) {
      Files.deleteIfExists(file);
    }
    return fresh;
  }

  /** Tidying may fail: the records are safe already. */
  private void tidy() {
    try {
      SegmentFile current = segment;
      if (current == null || current.size() < CLEAR_FROM) {
        return;
      }
      if (live.isEmpty()) {
        current.clear();
      } else if (current.size() > Math.max(REWRITE_FROM, LIVE_SHARE * liveBytes())) {
        current.close();
        rewritten();
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cause", e.getClass().getSimpleName()).log("escrow not tidied");
      distrust();
    }
  }

  private long liveBytes() {
    return live.values().stream().mapToLong(Frames::size).sum();
  }

  private void distrust() {
    try {
      close();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cause", e.getClass().getSimpleName()).log("escrow not closed");
    }
    segment = null;
  }

  private static ByteBuffer framed(Collection<byte[]> kept, Collection<byte[]> marks) {
    int size = 0;
    for (byte[] payload : kept) {
      size += Frames.size(payload);
    }
    for (byte[] payload : marks) {
      size += Frames.size(payload);
    }
    ByteBuffer buffer = ByteBuffer.allocate(size);
    kept.forEach(payload -> Frames.put(buffer, payload));
    marks.forEach(payload -> Frames.put(buffer, payload));
    return buffer.flip();
  }
}
