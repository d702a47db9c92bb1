package dev.evertoken.adapter.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.rig.ManualTime;
import dev.evertoken.rig.Scratch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class JournalRewrapTest {

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = Scratch.folder("escrow-rewrap");
  private final CountingFiles files = new CountingFiles();
  private final JournalEscrow.Storage storage = new JournalEscrow.Storage(files, Limits.SERVICE);
  private final ManualTime time = new ManualTime();
  private final Keyset keys = Keyset.generate();
  private final TinkSealer sealer = new TinkSealer(keys);
  private final List<JournalEscrow> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(escrow -> escrow.close().await());
    vertx.close().await();
  }

  @Test
  @DisplayName("83 after a rewrap nothing of the former key is on the disk, and all is still there")
  void bringsEverythingUnderThePrimaryKey() throws IOException {
    JournalEscrow escrow = open(sealer);
    keep(escrow, 1, 2, 3);
    escrow.discard(EscrowSamples.entry(2).attempt()).await();
    String former = prefix(sealer);
    assertThat(disk()).contains(former);

    sealer.use(keys.rotated().promoted());
    assertThat(escrow.reseal().await()).isZero();

    assertThat(disk()).doesNotContain(former).contains(prefix(sealer));
    escrow.close().await();
    assertThat(open(new TinkSealer(sealer.keyset().pruned())).pending().await())
        .containsExactly(EscrowSamples.entry(1), EscrowSamples.entry(3));
  }

  @Test
  void whatTheFormerLifeDiscardedGoesTooThoughNothingIsLeft() throws IOException {
    JournalEscrow escrow = open(sealer);
    keep(escrow, 1);
    escrow.discard(EscrowSamples.entry(1).attempt()).await();
    escrow.close().await();
    String former = prefix(sealer);
    assertThat(disk()).contains(former);

    assertThat(open(new TinkSealer(keys.rotated().promoted())).reseal().await()).isZero();

    assertThat(disk()).doesNotContain(former);
  }

  @Test
  void aRecordOfAnUnknownKeyStaysAndIsCounted() {
    JournalEscrow escrow = open(sealer);
    keep(escrow, 1);
    escrow.close().await();
    JournalEscrow withOther = open(new TinkSealer(Keyset.generate()));
    keep(withOther, 2);

    assertThat(withOther.reseal().await()).isEqualTo(1);

    assertThat(withOther.size()).isEqualTo(2);
    withOther.close().await();
    assertThat(open(sealer).pending().await()).containsExactly(EscrowSamples.entry(1));
  }

  @Test
  void aDiskThatCannotBeWrittenLeavesEverythingAsItWas() {
    JournalEscrow escrow = open(sealer);
    keep(escrow, 1);
    sealer.use(keys.rotated().promoted());

    files.appendFailure = new IOException("full");
    assertThatThrownBy(() -> escrow.reseal().await()).isInstanceOf(EscrowUnusable.class);
    assertThat(escrow.pending().await()).containsExactly(EscrowSamples.entry(1));
    files.appendFailure = null;

    assertThat(escrow.reseal().await()).isZero();
    escrow.close().await();
    assertThat(open(new TinkSealer(sealer.keyset().pruned())).pending().await())
        .containsExactly(EscrowSamples.entry(1));
  }

  private JournalEscrow open(TinkSealer with) {
    try {
      JournalEscrow escrow = JournalEscrow.open(vertx, folder, with, time, storage);
      opened.add(escrow);
      return escrow;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void keep(JournalEscrow escrow, long... numbers) {
    Future.all(
            LongStream.of(numbers)
                .mapToObj(n -> escrow.keep(EscrowSamples.entry(n)).durable())
                .toList())
        .await();
  }

  /** What each ciphertext of that sealer begins with. */
  private static String prefix(TinkSealer sealer) {
    byte[] sealed = sealer.seal(EscrowSamples.entry(1).answer().body(), "");
    return new String(sealed, 0, 5, StandardCharsets.ISO_8859_1);
  }

  private String disk() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var found = Files.list(folder.resolve("escrow"))) {
      for (Path file : found.toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }
}
