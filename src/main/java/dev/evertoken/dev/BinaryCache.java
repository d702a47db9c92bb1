package dev.evertoken.dev;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of unpacked server programs, shared by all JVMs of a user.
 *
 * <p>Each entry is unpacked beside its place and renamed into it, so that any number of JVMs can
 * start at the same time and none ever sees half of one.
 */
final class BinaryCache {
  /** Unpacks an entry into an empty folder. */
  interface Unpacker {
    void unpack(Path folder) throws IOException;
  }

  private final Path root;

  private BinaryCache(Path root) {
    this.root = root;
  }

  /**
   * The cache of this user, or one under {@code fallback} where the home folder cannot be written.
   */
  static BinaryCache ofUser(Path fallback) {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home", "/"), ".cache")
            : Path.of(xdg);
    Path shared = base.resolve("evertoken").toAbsolutePath();
    return new BinaryCache(isWritable(shared) ? shared : fallback.resolve("bin"));
  }

  static BinaryCache in(Path folder) {
    return new BinaryCache(folder);
  }

  private static boolean isWritable(Path folder) {
    try {
      Files.createDirectories(folder);
      return Files.isWritable(folder);
    } catch (IOException e) {
      return false;
    }
  }

  /** The folder of the entry {@code name}, unpacked now if it is not there yet. */
  Path entry(String name, Unpacker unpacker) throws IOException {
    Path place = root.resolve(name);
    if (Files.isDirectory(place)) {
      return place;
    }
    Files.createDirectories(root);
    Path fresh = Files.createTempDirectory(root, name + ".");
    try {
      unpacker.unpack(fresh);
      publish(fresh, place);
      return place;
    } finally {
      delete(fresh);
    }
  }

  private static void publish(Path fresh, Path place) throws IOException {
    try {
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      // Another JVM was faster.
    } catch (IOException e) {
      if (!Files.isDirectory(place)) {
        throw e;
      }
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
