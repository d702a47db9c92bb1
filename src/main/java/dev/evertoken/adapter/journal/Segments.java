package dev.evertoken.adapter.journal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The numbered segments of a folder; what is live is what they say one after another. */
final class Segments {

  private static final Logger LOG = LoggerFactory.getLogger(Segments.class);
  private static final Pattern NAME = Pattern.compile("answers-([0-9]{10})\\.journal");

  private Segments() {}

  static Path file(Path folder, long number) {
    return folder.resolve("answers-%010d.journal".formatted(number));
  }

  static long number(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  /** Oldest first. */
  static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> number(file) >= 0)
          .sorted(Comparator.comparingLong(Segments::number))
          .toList();
    }
  }

  /** The payloads of the answers that no later record discards, oldest first, by attempt. */
  static Map<UUID, byte[]> live(Path folder) throws IOException {
    Map<UUID, byte[]> live = new LinkedHashMap<>();
    for (Path file : in(folder)) {
      apply(file, live);
    }
    return live;
  }

  private static void apply(Path file, Map<UUID, byte[]> live) throws IOException {
    Frames.Read frames;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      frames = Frames.read(in);
    }
    if (frames.torn()) {
      LOG.atWarn()
          .addKeyValue("file", file.getFileName())
          .log("escrow journal ends in a torn record, as after a crash");
    }
    for (byte[] payload : frames.payloads()) {
      switch (Payloads.read(payload)) {
        case Payloads.Read.Kept kept -> live.put(kept.label().attempt(), payload);
        case Payloads.Read.Discarded discarded -> live.remove(discarded.attempt());
        case Payloads.Read.Unknown unknown -> live.put(UUID.nameUUIDFromBytes(payload), payload);
      }
    }
  }
}
