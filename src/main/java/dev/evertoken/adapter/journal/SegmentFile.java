package dev.evertoken.adapter.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One file to append to; a seam, so that tests can count and fail what is done to it. */
interface SegmentFile extends Closeable {

  /** Writes all of it at the end. */
  void append(ByteBuffer bytes) throws IOException;

  /** Completes when what was appended is on disk. */
  void force() throws IOException;
}
