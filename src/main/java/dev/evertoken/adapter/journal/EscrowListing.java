package dev.evertoken.adapter.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** What a node's disk still holds, told without any key and without any secret. */
public final class EscrowListing {

  private EscrowListing() {}

  /** One kept answer. */
  public record Item(UUID attempt, long account, String platform, Instant requestedAt) {}

  /**
   * The answers in a data folder (or in its {@code escrow} folder), oldest first. Changes nothing,
   * also where a process is writing there.
   */
  public static List<Item> read(Path dataDir) throws IOException {
    Path inside = dataDir.resolve("escrow");
    Path folder = Files.isDirectory(inside) ? inside : dataDir;
    return Segments.live(folder).values().stream().flatMap(EscrowListing::item).toList();
  }

  private static Stream<Item> item(byte[] payload) {
    return Payloads.read(payload) instanceof Payloads.Read.Kept(Label label)
        ? Stream.of(
            new Item(label.attempt(), label.account(), label.platform(), label.requestedAt()))
        : Stream.empty();
  }
}
