package dev.evertoken.adapter.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.rig.ManualTime;
import dev.evertoken.rig.Scratch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JournalEscrowTest {

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = Scratch.folder("escrow");
  private final Keyset keys = Keyset.generate();
  private final CountingFiles files = new CountingFiles();
  private final JournalEscrow.Storage storage = new JournalEscrow.Storage(files, Limits.SERVICE);
  private final ManualTime time = new ManualTime();
  private final List<JournalEscrow> opened = new ArrayList<>();

  @AfterEach
  void close() {
    files.release.countDown();
    opened.forEach(escrow -> escrow.close().await());
    vertx.close().await();
  }

  @Test
  void whatWasKeptIsThereAfterARestartAndWhatWasDiscardedIsNot() {
    JournalEscrow escrow = open();
    keep(escrow, 1, 2, 3);
    escrow.discard(EscrowSamples.entry(2).attempt()).await();
    assertThat(escrow.size()).isEqualTo(2);

    JournalEscrow next = reopened(escrow);

    assertThat(next.pending().await())
        .containsExactly(EscrowSamples.entry(1), EscrowSamples.entry(3));
    assertThat(next.size()).isEqualTo(2);
  }

  @Test
  void manyAtOnceShareASyncAndAreWrittenWhileOneRuns() throws Exception {
    JournalEscrow escrow = open();
    files.hold = true;
    Escrow.Kept first = escrow.keep(EscrowSamples.entry(1));
    files.firstForce.await();
    List<Escrow.Kept> rest =
        LongStream.rangeClosed(2, 101).mapToObj(n -> escrow.keep(EscrowSamples.entry(n))).toList();

    first.written().await();
    Future.all(rest.stream().map(Escrow.Kept::written).toList()).await();
    assertThat(first.durable().isComplete()).isFalse();
    assertThat(rest).noneMatch(kept -> kept.durable().isComplete());
    files.release.countDown();
    Future.all(rest.stream().map(Escrow.Kept::durable).toList()).await();

    assertThat(files.forces).hasValue(2);
    assertThat(reopened(escrow).pending().await()).hasSize(101);
  }

  @Test
  void discardingNeedsNoSync() {
    JournalEscrow escrow = open();
    keep(escrow, 1);

    escrow.discard(EscrowSamples.entry(1).attempt()).await();
    escrow.discard(EscrowSamples.entry(9).attempt()).await();

    assertThat(files.forces).hasValue(1);
  }

  @Test
  void aTornTailCostsNothingThatWasWhole() throws IOException {
    JournalEscrow escrow = open();
    keep(escrow, 1, 2);
    escrow.close().await();
    Path segment = Segments.in(folder.resolve("escrow")).getLast();
    byte[] whole = Files.readAllBytes(segment);
    for (int cut : new int[] {1, 7, 8, 9, 200}) {
      Files.write(segment, whole);
      Files.write(segment, Arrays.copyOf(whole, cut), StandardOpenOption.APPEND);

      assertThat(EscrowListing.read(folder, time.instant())).as("cut %d", cut).hasSize(2);
    }
    Files.write(segment, new byte[4096], StandardOpenOption.APPEND);

    JournalEscrow next = open();
    keep(next, 3);

    assertThat(reopened(next).pending().await())
        .extracting(Entry::account)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void aFullDiskFailsTheKeepAndHealsLater() {
    JournalEscrow escrow = open();
    keep(escrow, 1);
    files.appendFailure = new IOException("No space left on device");

    assertThat(catchThrowable(() -> keep(escrow, 2))).isInstanceOf(EscrowUnusable.class);
    assertThat(catchThrowable(() -> keep(escrow, 3))).isInstanceOf(EscrowUnusable.class);
    assertThat(escrow.pending().await()).extracting(Entry::account).containsExactly(1L);

    files.appendFailure = null;
    keep(escrow, 4);
    assertThat(reopened(escrow).pending().await())
        .extracting(Entry::account)
        .containsExactly(1L, 4L);
  }

  @Test
  void aFileWhoseSyncFailedIsNotTrustedAgain() throws IOException {
    JournalEscrow escrow = open();
    keep(escrow, 1);
    Path before = Segments.in(folder.resolve("escrow")).getLast();
    files.forceFailure = new IOException("Input/output error");
    assertThat(catchThrowable(() -> keep(escrow, 2))).isInstanceOf(EscrowUnusable.class);

    files.forceFailure = null;
    keep(escrow, 3);
    escrow.tidy().await();

    assertThat(Segments.in(folder.resolve("escrow"))).hasSize(1).doesNotContain(before);
    assertThat(reopened(escrow).pending().await())
        .extracting(Entry::account)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void aJournalWithNothingLiveShrinks() {
    JournalEscrow escrow = open();
    String large = "{\"x\":\"" + "y".repeat(60_000) + "\"}";
    for (long n = 1; n <= 20; n++) {
      escrow.keep(EscrowSamples.entry(n, large)).durable().await();
      escrow.discard(EscrowSamples.entry(n).attempt()).await();
    }

    assertThat(bytesOnDisk()).isLessThan(130_000);
    keep(escrow, 21);
    assertThat(reopened(escrow).pending().await()).extracting(Entry::account).containsExactly(21L);
  }

  @Test
  void aFewLiveRecordsDoNotKeepALargeJournal() {
    JournalEscrow escrow = open();
    keep(escrow, 1);
    String large = "{\"x\":\"" + "y".repeat(900_000) + "\"}";
    for (long n = 2; n <= 22; n++) {
      escrow.keep(EscrowSamples.entry(n, large)).durable().await();
      escrow.discard(EscrowSamples.entry(n).attempt()).await();
    }

    assertThat(bytesOnDisk()).isLessThan(16 << 20);
    assertThat(reopened(escrow).pending().await()).extracting(Entry::account).containsExactly(1L);
  }

  @Test
  void withoutTheKeyNothingIsReadAndNothingIsLost() throws IOException {
    JournalEscrow escrow = open();
    keep(escrow, 1);
    escrow.close().await();

    JournalEscrow stranger =
        JournalEscrow.open(vertx, folder, new TinkSealer(Keyset.generate()), time, storage);
    assertThat(stranger.pending().await()).isEmpty();
    assertThat(stranger.size()).isEqualTo(1);
    keep(stranger, 2);
    stranger.close().await();

    assertThat(open().pending().await()).extracting(Entry::account).containsExactly(1L);
  }

  @Test
  @DisplayName("75: the disk holds no token in the clear, and the files are the owner's alone")
  void theDiskTellsNoSecret() throws IOException {
    JournalEscrow escrow = open();
    keep(escrow, 1);
    Path segment = Segments.in(folder.resolve("escrow")).getLast();

    assertThat(Files.readString(segment, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(segment)))
        .isEqualTo("rw-------");
    assertThat(EscrowListing.read(folder, time.instant()).toString()).contains("antigravity");
    assertThat(EscrowListing.read(folder, time.instant()).toString()).doesNotContain("canary");
  }

  @Test
  void oneProcessAtATimeOwnsTheFolder() {
    open();

    assertThatThrownBy(this::open).hasMessageContaining("belongs to another");
  }

  @Test
  void refusesWorkOnceClosed() {
    JournalEscrow escrow = open();
    escrow.close().await();

    assertThat(catchThrowable(() -> keep(escrow, 1))).isInstanceOf(EscrowUnusable.class);
  }

  @Test
  @DisplayName("57: what was told as kept survives kill -9 at any moment")
  void whatWasToldAsKeptSurvivesAKill() throws Exception {
    Files.writeString(folder.resolve("keys"), keys.json().reveal());
    long told = 0;
    for (int kill = 1; kill <= 3; kill++) {
      told = Math.max(told, lastToldBeforeKill(100L * kill));
    }
    List<Entry> pending = open().pending().await();

    assertThat(pending)
        .extracting(Entry::account)
        .contains(LongStream.rangeClosed(1, told).boxed().toArray(Long[]::new));
  }

  private long lastToldBeforeKill(long enough) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EscrowChild.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long last = 0;
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        last = Math.max(last, Long.parseLong(line));
        if (last == enough) {
          // The process's own method would close the stream that still holds what was told.
          child.toHandle().destroyForcibly();
        }
      }
    }
    child.waitFor();
    assertThat(last).isGreaterThanOrEqualTo(enough);
    return last;
  }

  private JournalEscrow open() {
    try {
      JournalEscrow escrow = JournalEscrow.open(vertx, folder, new TinkSealer(keys), time, storage);
      opened.add(escrow);
      return escrow;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JournalEscrow reopened(JournalEscrow escrow) {
    escrow.close().await();
    return open();
  }

  private static void keep(JournalEscrow escrow, long... numbers) {
    for (long n : numbers) {
      escrow.keep(EscrowSamples.entry(n)).durable().await();
    }
  }

  private long bytesOnDisk() {
    try {
      long sum = 0;
      for (Path segment : Segments.in(folder.resolve("escrow"))) {
        sum += Files.size(segment);
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
