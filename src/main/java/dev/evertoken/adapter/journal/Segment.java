package dev.evertoken.adapter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One file of the journal, and how much of it is live. It belongs to the journal's thread, except
 * for {@link #force}, {@link #doubtful} and {@link #close}.
 */
final class Segment {

  private final Path path;
  private final @Nullable SegmentFile file;
  private long bytes;
  private int live;
  private volatile boolean doubtful;

  private Segment(Path path, @Nullable SegmentFile file, long bytes) {
    this.path = path;
    this.file = file;
    this.bytes = bytes;
  }

  /** A file of a former process, only to be read. */
  static Segment found(Path path) throws IOException {
    return new Segment(path, null, Files.size(path));
  }

  static Segment create(Path path, SegmentFiles files) throws IOException {
    return new Segment(path, files.create(path), 0);
  }

  Path path() {
    return path;
  }

  long bytes() {
    return bytes;
  }

  /** How many live records lie here. */
  int live() {
    return live;
  }

  void gained() {
    live++;
  }

  void lost() {
    live--;
  }

  /** Whether a sync failed: the disk may then have dropped what had been written before it. */
  boolean doubtful() {
    return doubtful;
  }

  /** Writes at the end; where that begins. After a failure nothing more may be appended. */
  long append(ByteBuffer frames) throws IOException {
    long at = bytes;
    int size = frames.remaining();
    writable().append(frames);
    bytes += size;
    return at;
  }

  /**
   * Makes durable what was appended. A failed sync is reported by the system only once, so all
   * later ones fail too.
   */
  synchronized void force() throws IOException {
    if (doubtful) {
      throw new IOException("an earlier sync of this file failed");
    }
    try {
      writable().force();
    } catch (IOException e) {
      doubtful = true;
      throw e;
    }
  }

  void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  private SegmentFile writable() throws IOException {
    if (file == null) {
      throw new IOException("a former process wrote this file");
    }
    return file;
  }
}
