package dev.evertoken.adapter.journal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/** What is told of a kept answer without opening it; no secret, and bound to what is sealed. */
record Label(UUID attempt, long account, UUID incarnation, String platform, Instant requestedAt) {

  void write(DataOutputStream out) throws IOException {
    writeUuid(out, attempt);
    out.writeLong(account);
    writeUuid(out, incarnation);
    out.writeUTF(platform);
    out.writeLong(requestedAt.getEpochSecond());
    out.writeInt(requestedAt.getNano());
  }

  static Label read(DataInputStream in) throws IOException {
    return new Label(
        readUuid(in),
        in.readLong(),
        readUuid(in),
        in.readUTF(),
        Instant.ofEpochSecond(in.readLong(), in.readInt()));
  }

  String context() {
    return incarnation + "|escrow|" + attempt + "|" + account + "|" + platform + "|" + requestedAt;
  }

  static void writeUuid(DataOutputStream out, UUID uuid) throws IOException {
    out.writeLong(uuid.getMostSignificantBits());
    out.writeLong(uuid.getLeastSignificantBits());
  }

  static UUID readUuid(DataInputStream in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }
}
