package dev.evertoken.adapter.journal;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Records as they lie in a segment: length, CRC-32C (RFC 3720) and payload, one after another. */
final class Frames {

  /** Far above the largest answer; a longer length is no length. */
  static final int LONGEST = 1 << 20;

  private static final int HEAD = 8;

  private Frames() {}

  static int size(byte[] payload) {
    return HEAD + payload.length;
  }

  static void put(ByteBuffer buffer, byte[] payload) {
    buffer.putInt(payload.length).putInt(checksum(payload)).put(payload);
  }

  /** The payloads up to the end or to the first frame that is torn or damaged. */
  static Read read(DataInputStream in) throws IOException {
    List<byte[]> payloads = new ArrayList<>();
    while (true) {
      int length;
      try {
        length = in.readInt();
      } catch (EOFException end) {
        return new Read(payloads, false);
      }
      byte[] payload = length > 0 && length <= LONGEST ? payload(in, length) : new byte[0];
      if (payload.length == 0) {
        return new Read(payloads, true);
      }
      payloads.add(payload);
    }
  }

  /** Empty when the frame is cut short or its checksum is wrong. */
  private static byte[] payload(DataInputStream in, int length) throws IOException {
    try {
      int expected = in.readInt();
      byte[] payload = in.readNBytes(length);
      return payload.length == length && checksum(payload) == expected ? payload : new byte[0];
    } catch (EOFException cut) {
      return new byte[0];
    }
  }

  private static int checksum(byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }

  /** What a segment held, and whether something unreadable followed. */
  record Read(List<byte[]> payloads, boolean torn) {}
}
