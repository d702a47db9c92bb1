package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.adapter.journal.JournalEscrow;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Escrow;
import dev.evertoken.rig.Scratch;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code escrow list}, given in this JVM. */
final class EscrowCommandTest {

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = Scratch.folder("escrow-command");

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void listsWhatANodeHoldsWithoutKeysAndContentWhileTheNodeRuns() throws IOException {
    JournalEscrow escrow =
        JournalEscrow.open(
            vertx, folder, new TinkSealer(Keyset.generate()), InstantSource.system());
    escrow.keep(entry(7, 200, "<canary>")).durable().await();
    escrow.keep(entry(8, 0, "canary")).durable().await();
    escrow.committed(new UUID(1, 8)).await();

    Operator.Said said =
        Operator.of("http://127.0.0.1:1", "no-key").says("escrow", "list", folder.toString());

    assertThat(said.code()).isZero();
    assertThat(said.lines().stream().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "ATTEMPT ACCOUNT PLATFORM REQUESTED STATE BYTES STATUS",
            new UUID(1, 7) + " 7 acme 2026-11-23T10:00:07Z pending 8 200",
            new UUID(1, 8) + " 8 acme 2026-11-23T10:00:08Z committed 6 0");
    assertThat(said.out() + said.err()).doesNotContain("canary");
    assertThat(escrow.size()).isEqualTo(1);
    escrow.close().await();
  }

  @Test
  void aFolderThatIsNotThereIsSaid() {
    Operator.Said said =
        Operator.of("http://127.0.0.1:1", "no-key")
            .says("escrow", "list", folder.resolve("none").toString());

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("none: not a folder");
  }

  private static Escrow.Entry entry(long account, int status, String body) {
    return new Escrow.Entry(
        new UUID(1, account),
        new Escrow.Holder(account, new UUID(2, account), "acme"),
        new Escrow.Presented(Secret.of("canary-presented"), 1, 1),
        Instant.parse("2026-11-23T10:00:00Z").plusSeconds(account),
        Trigger.BACKGROUND,
        new RawAnswer(status, Map.of(), Secret.of(body), RawAnswer.End.WHOLE));
  }
}
