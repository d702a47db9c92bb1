package dev.evertoken.adapter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Reads single records; neighbours in the same file cost one opening. */
final class SegmentReader implements AutoCloseable {

  private @Nullable Segment opened;
  private @Nullable FileChannel channel;

  /** The payload; fails with {@link DamagedRecord} where it is damaged. */
  byte[] read(Slot slot) throws IOException {
    FileChannel from = channel(slot.segment());
    ByteBuffer frame = ByteBuffer.allocate(slot.size());
    while (frame.hasRemaining()) {
      if (from.read(frame, slot.offset() + frame.position()) < 0) {
        throw new DamagedRecord();
      }
    }
    return Frames.payload(frame.flip());
  }

  private FileChannel channel(Segment segment) throws IOException {
    FileChannel open = channel;
    if (open == null || !segment.equals(opened)) {
      close();
      open = FileChannel.open(segment.path(), StandardOpenOption.READ);
      channel = open;
      opened = segment;
    }
    return open;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
