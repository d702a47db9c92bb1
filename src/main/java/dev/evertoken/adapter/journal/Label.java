package dev.evertoken.adapter.journal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a kept answer without opening it; no secret, and bound to what is sealed.
 *
 * @param shape null in records of the first format, which did not tell it
 */
record Label(
    UUID attempt,
    long account,
    UUID incarnation,
    String platform,
    Instant requestedAt,
    @Nullable Shape shape) {

  /**
   * What an answer looks like from outside.
   *
   * @param bytes how long its body is, as kept
   */
  record Shape(int status, int bytes) {}

  void write(DataOutputStream out) throws IOException {
    writeUuid(out, attempt);
    out.writeLong(account);
    writeUuid(out, incarnation);
    out.writeUTF(platform);
    writeInstant(out, requestedAt);
    if (shape != null) {
      out.writeInt(shape.status());
      out.writeInt(shape.bytes());
    }
  }

  static Label read(DataInputStream in, boolean shaped) throws IOException {
    return new Label(
        readUuid(in),
        in.readLong(),
        readUuid(in),
        in.readUTF(),
        readInstant(in),
        shaped ? new Shape(in.readInt(), in.readInt()) : null);
  }

  String context() {
    String bound =
        incarnation + "|escrow|" + attempt + "|" + account + "|" + platform + "|" + requestedAt;
    return shape == null ? bound : bound + "|" + shape.status() + "|" + shape.bytes();
  }

  static void writeUuid(DataOutputStream out, UUID uuid) throws IOException {
    out.writeLong(uuid.getMostSignificantBits());
    out.writeLong(uuid.getLeastSignificantBits());
  }

  static UUID readUuid(DataInputStream in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  static void writeInstant(DataOutputStream out, Instant instant) throws IOException {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }

  static Instant readInstant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }
}
