package dev.evertoken.adapter.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.rig.ManualTime;
import dev.evertoken.rig.Scratch;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the journal's records hold, and how long they stay. */
final class JournalRecordsTest {

  private static final String EVERY_BYTE =
      IntStream.range(0, 256)
          .mapToObj(Character::toString)
          .collect(Collectors.joining("", "canary\r\n{", "\n"));

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = Scratch.folder("escrow-records");
  private final TinkSealer sealer = new TinkSealer(Keyset.generate());
  private final ManualTime time = new ManualTime();
  private final CountingFiles files = new CountingFiles();
  private final List<JournalEscrow> opened = new ArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.evertoken.adapter.journal");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    opened.forEach(escrow -> escrow.close().await());
    vertx.close().await();
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  @Test
  void everyByteHeaderAndEndOfAnAnswerIsKept() {
    JournalEscrow escrow = open();
    List<Entry> kept = new ArrayList<>();
    for (RawAnswer.End end : RawAnswer.End.values()) {
      Map<String, String> headers = Map.of("content-type", "text/\"odd\"; é", "retry-after", "7\t");
      kept.add(
          entry(
              kept.size(), new RawAnswer(200 + kept.size(), headers, Secret.of(EVERY_BYTE), end)));
    }
    kept.forEach(entry -> escrow.keep(entry).durable().await());

    assertThat(reopened(escrow).pending().await()).isEqualTo(kept);
  }

  @Test
  void aBodyThatIsTooLongIsKeptAsOneThatEndedEarly() {
    JournalEscrow escrow = open();
    String longest = "\u00ff".repeat(1 << 20);
    Entry whole = entry(1, answer(longest));
    escrow.keep(whole).durable().await();
    escrow.keep(entry(2, answer(longest + "more"))).durable().await();

    List<Entry> pending = reopened(escrow).pending().await();

    assertThat(pending.getFirst()).isEqualTo(whole);
    assertThat(pending.getLast().answer())
        .isEqualTo(new RawAnswer(200, Map.of(), Secret.of(longest), RawAnswer.End.CUT));
  }

  @Test
  void aFormerVersionsRecordIsOpenedListedAndCommitted() throws IOException {
    Entry former = entry(1, answer(""));
    FormerRecords.write(
        Segments.file(folder.resolve("escrow"), 7), sealer, former, "{\"name\":\"Zoë\"}");

    assertThat(EscrowListing.read(folder, time.instant()))
        .singleElement()
        .matches(item -> item.account() == 1 && item.status() == null && item.bytes() > 0);
    JournalEscrow escrow = open();
    RawAnswer answer = escrow.pending().await().getFirst().answer();
    assertThat(answer.body().reveal().getBytes(StandardCharsets.ISO_8859_1))
        .isEqualTo("{\"name\":\"Zoë\"}".getBytes(StandardCharsets.UTF_8));
    sealer.use(sealer.keyset().rotated().promoted());
    assertThat(escrow.reseal().await()).isZero();
    escrow.committed(former.attempt()).await();

    JournalEscrow next = reopened(escrow);
    assertThat(next.pending().await()).isEmpty();
    assertThat(next.committedLately().await())
        .containsExactly(entry(1, new RawAnswer(200, Map.of(), answer.body(), answer.end())));
  }

  @Test
  void aCommittedAnswerStaysForTenMinutesOverRestarts() throws IOException {
    JournalEscrow escrow = open();
    keep(escrow, 1, 2);
    escrow.committed(EscrowSamples.entry(1).attempt()).await();
    assertThat(escrow.size()).isEqualTo(1);
    time.advance(Duration.ofMinutes(9));

    JournalEscrow next = reopened(escrow);

    assertThat(next.size()).isEqualTo(1);
    assertThat(next.pending().await()).containsExactly(EscrowSamples.entry(2));
    assertThat(next.committedLately().await()).containsExactly(EscrowSamples.entry(1));
    assertThat(EscrowListing.read(folder, time.instant())).hasSize(2);
    assertThat(EscrowListing.pending(folder)).hasSize(1);

    time.advance(Duration.ofMinutes(1));
    assertThat(EscrowListing.read(folder, time.instant())).hasSize(1);
    JournalEscrow last = reopened(next);
    assertThat(last.committedLately().await()).isEmpty();
    assertThat(last.pending().await()).containsExactly(EscrowSamples.entry(2));
  }

  @Test
  void aCommittedAnswerGoesByItselfAndWithItsFile() throws IOException {
    JournalEscrow escrow = open(new Limits(1, 1, 1, 1 << 30));
    keep(escrow, 1);
    escrow.committed(EscrowSamples.entry(1).attempt()).await();
    escrow.committed(EscrowSamples.entry(1).attempt()).await();
    assertThat(escrow.committedLately().await()).hasSize(1);

    time.advance(Duration.ofMinutes(10));
    escrow.tidy().await();

    assertThat(escrow.committedLately().await()).isEmpty();
    assertThat(Segments.in(folder.resolve("escrow"))).isEmpty();
  }

  @Test
  void aCommittedAnswerCanBeDiscardedAtOnce() {
    JournalEscrow escrow = open();
    keep(escrow, 1);
    escrow.committed(EscrowSamples.entry(1).attempt()).await();
    escrow.discard(EscrowSamples.entry(1).attempt()).await();

    assertThat(escrow.size()).isZero();
    assertThat(reopened(escrow).committedLately().await()).isEmpty();
  }

  @Test
  void compactingKeepsWhatIsPendingAndWhatIsCommitted() throws IOException {
    JournalEscrow escrow = open(new Limits(2_000, 1_000, 4_000, 1 << 30));
    keep(escrow, 1, 2);
    escrow.committed(EscrowSamples.entry(2).attempt()).await();
    for (long n = 3; n < 200; n++) {
      keep(escrow, n);
      escrow.discard(EscrowSamples.entry(n).attempt()).await();
    }
    escrow.tidy().await();

    assertThat(bytesOnDisk()).isLessThan(8_000);
    assertThat(escrow.pending().await()).containsExactly(EscrowSamples.entry(1));
    JournalEscrow next = reopened(escrow);
    assertThat(next.pending().await()).containsExactly(EscrowSamples.entry(1));
    assertThat(next.committedLately().await()).containsExactly(EscrowSamples.entry(2));
  }

  @Test
  void whatWasDiscardedDoesNotComeBackWhileItsFileStaysForAnother() throws IOException {
    JournalEscrow escrow = open(new Limits(500, 1, 1 << 20, 1 << 30));
    keep(escrow, 1, 2);
    for (long n = 2; n < 6; n++) {
      escrow.discard(EscrowSamples.entry(n).attempt()).await();
      keep(escrow, n + 1);
    }
    escrow.tidy().await();
    assertThat(Segments.in(folder.resolve("escrow"))).hasSizeGreaterThan(2);

    assertThat(reopened(escrow).pending().await())
        .containsExactly(EscrowSamples.entry(1), EscrowSamples.entry(6));
  }

  @Test
  void resealingCoversCommittedAndUnreadableAnswers() throws IOException {
    JournalEscrow escrow = open();
    keep(escrow, 1);
    escrow.keep(entry(2, answer("<html>"))).durable().await();
    escrow.committed(EscrowSamples.entry(1).attempt()).await();
    sealer.use(sealer.keyset().rotated().promoted());

    assertThat(escrow.reseal().await()).isZero();

    sealer.use(sealer.keyset().pruned());
    JournalEscrow next = reopened(escrow);
    assertThat(next.committedLately().await()).containsExactly(EscrowSamples.entry(1));
    assertThat(next.pending().await()).containsExactly(entry(2, answer("<html>")));
  }

  @Test
  void aDamagedRecordCostsOnlyItself() throws IOException {
    JournalEscrow escrow = open();
    keep(escrow, 1, 2, 3);
    Path segment = Segments.in(folder.resolve("escrow")).getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);

    assertThat(escrow.pending().await()).extracting(Entry::account).containsExactly(1L, 3L);
    assertThat(reopened(escrow).pending().await())
        .extracting(Entry::account)
        .containsExactly(1L, 3L);
  }

  @Test
  void nothingIsDroppedForSpaceAndAnAlarmIsRaisedOnce() {
    JournalEscrow escrow = open(new Limits(8 << 20, 64 << 10, 16 << 20, 1_000));
    keep(escrow, 1, 2, 3, 4, 5, 6);
    assertThat(alarms()).isEqualTo(1);
    assertThat(escrow.pending().await()).hasSize(6);

    for (long n = 1; n <= 6; n++) {
      escrow.discard(EscrowSamples.entry(n).attempt()).await();
    }
    keep(escrow, 7);
    assertThat(alarms()).isEqualTo(1);
    keep(escrow, 8, 9, 10, 11, 12);
    escrow.tidy().await();
    assertThat(alarms()).isEqualTo(2);
  }

  @Test
  void noLogListingOrTextShowsASecret() throws IOException {
    JournalEscrow escrow = open();
    Entry entry = entry(1, answer("canary-body"));
    escrow.keep(entry).durable().await();
    escrow.committed(entry.attempt()).await();
    sealer.use(Keyset.generate());
    keep(escrow, 2);
    escrow.committedLately().await();
    files.appendFailure = new IOException("canary");
    escrow.keep(EscrowSamples.entry(3)).durable().otherwiseEmpty().await();

    String shown = log.list + " " + EscrowListing.read(folder, time.instant()) + " " + entry;

    assertThat(log.list).isNotEmpty();
    assertThat(shown).doesNotContain("canary").contains("antigravity");
    String labels = HexFormat.of().formatHex(Files.readAllBytes(firstSegment()));
    assertThat(labels)
        .doesNotContain(HexFormat.of().formatHex("canary".getBytes(StandardCharsets.UTF_8)));
  }

  private Path firstSegment() throws IOException {
    return Segments.in(folder.resolve("escrow")).getFirst();
  }

  private long alarms() {
    return log.list.stream()
        .filter(event -> event.getLevel() == Level.ERROR)
        .filter(event -> event.getFormattedMessage().equals("escrow_large"))
        .count();
  }

  private static RawAnswer answer(String body) {
    return new RawAnswer(200, Map.of(), Secret.of(body), RawAnswer.End.WHOLE);
  }

  private static Entry entry(long n, RawAnswer answer) {
    Entry sample = EscrowSamples.entry(n);
    return new Entry(
        sample.attempt(),
        sample.holder(),
        sample.presented(),
        sample.requestedAt(),
        sample.trigger(),
        answer);
  }

  private static void keep(JournalEscrow escrow, long... numbers) {
    for (long n : numbers) {
      escrow.keep(EscrowSamples.entry(n)).durable().await();
    }
  }

  private JournalEscrow open() {
    return open(Limits.SERVICE);
  }

  private JournalEscrow open(Limits limits) {
    try {
      JournalEscrow escrow =
          JournalEscrow.open(vertx, folder, sealer, time, new JournalEscrow.Storage(files, limits));
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

  private long bytesOnDisk() throws IOException {
    long sum = 0;
    for (Path segment : Segments.in(folder.resolve("escrow"))) {
      sum += Files.size(segment);
    }
    return sum;
  }
}
