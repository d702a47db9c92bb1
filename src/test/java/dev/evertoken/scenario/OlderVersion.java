package dev.evertoken.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The jar of an older commit of this repository, built where it is not there yet. */
final class OlderVersion {

  private static final Path FOLDER = Path.of("target", "upgrade").toAbsolutePath();
  private static final int MINUTES = 8;

  private OlderVersion() {}

  /**
   * Builds it, without its tests, from what git has of it; blocks for a minute or so.
   *
   * @param ref as git understands it
   */
  static Path jar(String ref) {
    try {
      Files.createDirectories(FOLDER);
      Path name = FOLDER.resolve("commit");
      run(FOLDER, name, "git", "rev-parse", "--short=12", ref + "^{commit}");
      String commit = Files.readString(name).strip();
      Path jar = FOLDER.resolve("evertoken-" + commit + ".jar");
      if (!Files.exists(jar)) {
        build(commit, jar);
      }
      return jar;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void build(String commit, Path jar) throws IOException {
    Path log = FOLDER.resolve("build.log");
    Path source = FOLDER.resolve("source-" + commit);
    Path archive = FOLDER.resolve("source.tar");
    Files.createDirectories(source);
    Path root = Path.of("").toAbsolutePath();
    run(root, log, "git", "archive", "--output", archive.toString(), commit);
    run(source, log, "tar", "-xf", archive.toString());
    run(source, log, "mvn", "-q", "-B", "package", "-Dmaven.test.skip=true", "-Dformat.skip=true");
    Files.move(
        source.resolve("target").resolve("evertoken.jar"), jar, StandardCopyOption.ATOMIC_MOVE);
    run(FOLDER, log, "rm", "-rf", source.toString(), archive.toString());
  }

  private static void run(Path folder, Path output, String... command) throws IOException {
    Process process =
        new ProcessBuilder(List.of(command))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      if (process.waitFor() != 0) {
        throw new AssertionError(
            String.format(Locale.ROOT, "%s: %s", command[0], Files.readString(output)));
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }
}
