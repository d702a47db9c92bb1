package dev.evertoken.adapter.journal;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/** Records as they lie in a segment: length, CRC-32C (RFC 3720) and payload, one after another. */
final class Frames {

  /** Room for a body of 1 MiB as sealed UTF-8 and for its headers; a longer length is no length. */
  static final int LONGEST = 4 << 20;

  static final int HEAD = 8;

  private Frames() {}

  static int size(byte[] payload) {
    return HEAD + payload.length;
  }

  static ByteBuffer of(Collection<byte[]> payloads) {
    ByteBuffer buffer = ByteBuffer.allocate(payloads.stream().mapToInt(Frames::size).sum());
    for (byte[] payload : payloads) {
      buffer.putInt(payload.length).putInt(checksum(payload)).put(payload);
    }
    return buffer.flip();
  }

  /** The payload of one whole frame; fails where it is damaged. */
  static byte[] payload(ByteBuffer frame) throws IOException {
    int length = frame.getInt();
    int expected = frame.getInt();
    byte[] payload = new byte[frame.remaining()];
    frame.get(payload);
    if (length != payload.length || checksum(payload) != expected) {
      throw new DamagedRecord();
    }
    return payload;
  }

  /**
   * The whole payloads and their offsets, up to the end or to the first frame that is torn. A frame
   * whose checksum is wrong is passed over: its length leads to the next one.
   */
  static Read read(DataInputStream in) throws IOException {
    List<Found> found = new ArrayList<>();
    boolean damaged = false;
    long at = 0;
    try {
      for (int length = in.readInt(); length > 0 && length <= LONGEST; length = in.readInt()) {
        int expected = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        if (checksum(payload) == expected) {
          found.add(new Found(at, payload));
        } else {
          damaged = true;
        }
        at += size(payload);
      }
      return new Read(found, at, true);
    } catch (EOFException end) {
      return new Read(found, at, damaged);
    }
  }

  private static int checksum(byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }

  /** A whole payload, and where its frame begins. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Found(long offset, byte[] payload) {}

  /**
   * What a segment held.
   *
   * @param end where the last whole frame ends
   * @param damaged whether there is something that cannot be read, besides a frame cut at the end
   */
  record Read(List<Found> found, long end, boolean damaged) {}
}
