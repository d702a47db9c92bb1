package dev.evertoken.adapter.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a node's disk still holds, told without any key and without any secret. */
public final class EscrowListing {

  private static final int TRIES = 20;

  private EscrowListing() {}

  /**
   * One kept answer.
   *
   * @param committedAt null: not committed, as far as the journal knows
   * @param status of HTTP; null in records of the first format, which did not tell it
   * @param bytes how long the body is; of the first format, the sealed record
   */
  public record Item(
      UUID attempt,
      long account,
      String platform,
      Instant requestedAt,
      @Nullable Instant committedAt,
      @Nullable Integer status,
      int bytes) {

    private Item committed(Instant at) {
      return new Item(attempt, account, platform, requestedAt, at, status, bytes);
    }
  }

  /** The answers that are not committed, oldest first. */
  public static List<Item> pending(Path dataDir) throws IOException {
    return read(dataDir, Instant.MAX);
  }

  /**
   * The answers in a data folder (or in its {@code escrow} folder), oldest first, without those
   * that were committed ten minutes ago. Changes nothing, even while a process writes there.
   */
  public static List<Item> read(Path dataDir, Instant now) throws IOException {
    Path inside = dataDir.resolve("escrow");
    Path folder = Files.isDirectory(inside) ? inside : dataDir;
    for (int tried = 1; true; tried++) {
      try {
        return live(folder, now);
      } catch (NoSuchFileException e) {
        // The process beside has moved what was live in it to a later file.
        if (tried == TRIES) {
          throw e;
        }
      }
    }
  }

  private static List<Item> live(Path folder, Instant now) throws IOException {
    Map<UUID, Item> items = new LinkedHashMap<>();
    for (Path file : Segments.in(folder)) {
      Segments.records(file).forEach(found -> apply(Payloads.read(found.payload()), items));
    }
    Instant gone = now.minus(Journal.COMMITTED_FOR);
    return items.values().stream()
        .filter(item -> item.committedAt() == null || item.committedAt().isAfter(gone))
        .sorted(Comparator.comparing(Item::requestedAt))
        .toList();
  }

  private static void apply(Payloads.Read record, Map<UUID, Item> items) {
    switch (record) {
      case Payloads.Read.Kept kept -> items.put(kept.label().attempt(), item(kept));
      case Payloads.Read.Committed done ->
          items.computeIfPresent(done.attempt(), (attempt, item) -> item.committed(done.at()));
      case Payloads.Read.Discarded discarded -> items.remove(discarded.attempt());
      case Payloads.Read.Unknown unknown -> {}
    }
  }

  private static Item item(Payloads.Read.Kept kept) {
    Label label = kept.label();
    Label.Shape shape = label.shape();
    return new Item(
        label.attempt(),
        label.account(),
        label.platform(),
        label.requestedAt(),
        null,
        shape == null ? null : shape.status(),
        shape == null ? kept.sealedBytes() : shape.bytes());
  }
}
