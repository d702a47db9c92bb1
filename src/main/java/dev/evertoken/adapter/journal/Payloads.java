package dev.evertoken.adapter.journal;

import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.port.Sealer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;

/**
 * What a record says: an answer (a label in the clear, the rest sealed), or that an attempt's
 * answer was committed or discarded.
 */
final class Payloads {

  /** An answer in the first format: no headers, no end, no shape in its label. */
  private static final int FORMER = 1;

  private static final int DISCARDED = 2;
  private static final int KEPT = 3;
  private static final int COMMITTED = 4;

  private final Sealer sealer;

  Payloads(Sealer sealer) {
    this.sealer = sealer;
  }

  /** A record, as far as it can be read without a key. */
  sealed interface Read {

    /**
     * An answer.
     *
     * @param sealedBytes how long its sealed part is
     */
    record Kept(Label label, int sealedBytes) implements Read {}

    record Committed(UUID attempt, Instant at) implements Read {}

    record Discarded(UUID attempt) implements Read {}

    /** Of a later version; it is carried along. */
    record Unknown(UUID id) implements Read {}
  }

  static Read read(byte[] payload) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
      return switch (in.readByte()) {
        case FORMER -> new Read.Kept(Label.read(in, false), in.available());
        case KEPT -> new Read.Kept(Label.read(in, true), in.available());
        case COMMITTED -> new Read.Committed(Label.readUuid(in), Label.readInstant(in));
        case DISCARDED -> new Read.Discarded(Label.readUuid(in));
        default -> unknown(payload);
      };
    } catch (IOException e) {
      return unknown(payload);
    }
  }

  private static Read unknown(byte[] payload) {
    return new Read.Unknown(UUID.nameUUIDFromBytes(payload));
  }

  byte[] kept(Entry whole) {
    Entry entry =
        new Entry(
            whole.attempt(),
            whole.holder(),
            whole.presented(),
            whole.requestedAt(),
            whole.trigger(),
            Sealed.kept(whole.answer()));
    Label label =
        new Label(
            entry.attempt(),
            entry.holder().account(),
            entry.holder().incarnation(),
            entry.holder().platform(),
            entry.requestedAt(),
            new Label.Shape(entry.answer().status(), entry.answer().body().reveal().length()));
    return kept(label, sealer.seal(Sealed.write(entry), label.context()));
  }

  private static byte[] kept(Label label, byte[] sealed) {
    return written(
        out -> {
          out.writeByte(label.shape() == null ? FORMER : KEPT);
          label.write(out);
          out.write(sealed);
        });
  }

  static byte[] committed(UUID attempt, Instant at) {
    return written(
        out -> {
          out.writeByte(COMMITTED);
          Label.writeUuid(out, attempt);
          Label.writeInstant(out, at);
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

  /** The whole answer; fails with {@link Sealer.CannotOpen}. */
  Entry open(byte[] payload) {
    Parts parts = parts(payload);
    var plain = sealer.open(parts.sealed(), parts.label().context());
    return parts.label().shape() == null
        ? Sealed.readFormer(parts.label(), plain)
        : Sealed.read(parts.label(), plain);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Parts(Label label, byte[] sealed) {}

  private static Parts parts(byte[] payload) {
    if (!(read(payload) instanceof Read.Kept(Label label, int sealedBytes))) {
      throw new IllegalArgumentException("not an answer, as far as this version knows");
    }
    byte[] sealed = new byte[sealedBytes];
    System.arraycopy(payload, payload.length - sealedBytes, sealed, 0, sealedBytes);
    return new Parts(label, sealed);
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
