package dev.evertoken.adapter.journal;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.port.Sealer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.zip.CRC32C;

/** A segment as the first version wrote it, byte by byte and without any code of today's. */
final class FormerRecords {

  private FormerRecords() {}

  static void write(Path segment, Sealer sealer, Entry entry, String text) throws IOException {
    String context =
        entry.holder().incarnation()
            + "|escrow|"
            + entry.attempt()
            + "|"
            + entry.holder().account()
            + "|"
            + entry.holder().platform()
            + "|"
            + entry.requestedAt();
    String plain =
        new JsonObject()
            .put("sequence", entry.presented().sequence())
            .put("generation", entry.presented().generation())
            .put("presented", entry.presented().token().reveal())
            .put("status", entry.answer().status())
            .put("body", text)
            .put("trigger", "background")
            .encode();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(1);
      write(out, entry.attempt());
      out.writeLong(entry.holder().account());
      write(out, entry.holder().incarnation());
      out.writeUTF(entry.holder().platform());
      Instant requested = entry.requestedAt();
      out.writeLong(requested.getEpochSecond());
      out.writeInt(requested.getNano());
      out.write(sealer.seal(Secret.of(plain), context));
    }
    byte[] payload = bytes.toByteArray();
    CRC32C crc = new CRC32C();
    crc.update(payload);
    ByteBuffer frame = ByteBuffer.allocate(8 + payload.length);
    frame.putInt(payload.length).putInt((int) crc.getValue()).put(payload);
    Files.createDirectories(segment.getParent());
    Files.write(segment, frame.array());
  }

  private static void write(DataOutputStream out, UUID uuid) throws IOException {
    out.writeLong(uuid.getMostSignificantBits());
    out.writeLong(uuid.getLeastSignificantBits());
  }
}
