package dev.evertoken.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of the tests under {@code target/}. */
public final class Scratch {
  private Scratch() {}

  static Path root() throws IOException {
    return Files.createDirectories(Path.of("target", "rig").toAbsolutePath());
  }

  /** A new empty folder. */
  public static Path folder(String name) {
    try {
      return Files.createTempDirectory(root(), name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
