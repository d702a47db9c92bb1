package dev.evertoken.adapter.journal;

import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.port.Escrow.Holder;
import dev.evertoken.port.Escrow.Presented;
import dev.evertoken.port.Sealer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What a record says: an answer (a label in the clear, the rest sealed), or that an attempt's
 * answer was discarded.
 */
final class Payloads {

  private static final int KEPT = 1;
  private static final int DISCARDED = 2;

  private final Sealer sealer;

  Payloads(Sealer sealer) {
    this.sealer = sealer;
  }

  /** A record, as far as it can be read without a key. */
  sealed interface Read {

    record Kept(Label label) implements Read {}

    record Discarded(UUID attempt) implements Read {}

    /** Of a later version; it is carried along. */
    record Unknown() implements Read {}
  }

  static Read read(byte[] payload) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
      return switch (in.readByte()) {
        case KEPT -> new Read.Kept(Label.read(in));
        case DISCARDED -> new Read.Discarded(Label.readUuid(in));
        default -> new Read.Unknown();
      };
    } catch (IOException e) {
      return new Read.Unknown();
    }
  }

  byte[] kept(Entry entry) {
    Label label =
        new Label(
            entry.attempt(),
            entry.holder().account(),
            entry.holder().incarnation(),
            entry.holder().platform(),
            entry.requestedAt());
    return kept(label, sealer.seal(plain(entry), label.context()));
  }

  private static byte[] kept(Label label, byte[] sealed) {
    return written(
        out -> {
          out.writeByte(KEPT);
          label.write(out);
          out.write(sealed);
        });
  }

  static byte[] discarded(UUID attempt) {
    return written(
        out -> {
          out.writeByte(DISCARDED);
          Label.writeUuid(out, attempt);
        });
  }

  /** Whether it holds nothing that a key other than the primary one has sealed. */
  boolean current(byte[] payload) {
    return !(read(payload) instanceof Read.Kept) || sealer.current(parts(payload).sealed());
  }

  /** The same answer under the primary key; fails with {@link Sealer.CannotOpen}. */
  byte[] resealed(byte[] payload) {
    Parts parts = parts(payload);
    return kept(parts.label(), sealer.reseal(parts.sealed(), parts.label().context()));
  }

  static UUID attempt(byte[] payload) {
    return parts(payload).label().attempt();
  }

  /** The whole answer; fails with {@link Sealer.CannotOpen}. */
  Entry open(byte[] payload) {
    Parts parts = parts(payload);
    return entry(parts.label(), sealer.open(parts.sealed(), parts.label().context()));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Parts(Label label, byte[] sealed) {}

  private static Parts parts(byte[] payload) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
      in.readByte();
      return new Parts(Label.read(in), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Secret plain(Entry entry) {
    return Secret.of(
        new JsonObject()
            .put("sequence", entry.presented().sequence())
            .put("generation", entry.presented().generation())
            .put("presented", entry.presented().token().reveal())
            .put("status", entry.answer().status())
            .put("body", entry.answer().body().reveal())
            .put("trigger", WireName.of(entry.trigger()))
            .encode());
  }

  private static Entry entry(Label label, Secret plain) {
    JsonObject json = new JsonObject(plain.reveal());
    return new Entry(
        label.attempt(),
        new Holder(label.account(), label.incarnation(), label.platform()),
        new Presented(
            Secret.of(text(json, "presented")),
            json.getLong("sequence"),
            json.getLong("generation")),
        label.requestedAt(),
        WireName.parse(Trigger.class, text(json, "trigger")).orElse(Trigger.REQUEST),
        new RawAnswer(
            json.getInteger("status"),
            Map.of(),
            Secret.of(text(json, "body")),
            RawAnswer.End.WHOLE));
  }

  private static String text(JsonObject json, String name) {
    return Objects.requireNonNull(json.getString(name), name);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
