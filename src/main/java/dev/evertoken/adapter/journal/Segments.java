package dev.evertoken.adapter.journal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The numbered segments of a folder. */
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

  /** The whole records of a segment, in their order. */
  static List<Frames.Found> records(Path file) throws IOException {
    Frames.Read frames;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      frames = Frames.read(in);
    }
    if (frames.damaged() || frames.end() < Files.size(file)) {
      LOG.atWarn()
          .addKeyValue("file", file.getFileName())
          .log("escrow journal holds a torn record, as after a crash");
    }
    return frames.found();
  }
}
