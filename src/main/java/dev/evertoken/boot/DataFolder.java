package dev.evertoken.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.evertoken.boot.settings.BadSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** The folder of one process, locked while it lives: keys, escrow and embedded servers' data. */
final class DataFolder implements AutoCloseable {

  /** What is gone with the machine, the boot or the container. */
  private static final Set<String> TEMPORARY = Set.of("tmpfs", "ramfs", "overlay", "overlayfs");

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes and locks it; fails with {@link BadSettings} where that cannot be. */
  static DataFolder open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      PrivateFiles.createFolder(path);
      return new DataFolder(path, locked(path.resolve("lock")));
    } catch (IOException e) {
      throw new BadSettings(
          List.of(
              "data.dir: \"%s\" cannot be used (%s); allowed: a folder that this user may write"
                  .formatted(folder, e.getClass().getSimpleName())));
    }
  }

  Path path() {
    return path;
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  /** Whether its file system does not outlive the machine or container. */
  boolean temporary() {
    try {
      return TEMPORARY.contains(Files.getFileStore(path).type());
    } catch (IOException e) {
      return false;
    }
  }

  boolean openToOthers() {
    try {
      return PrivateFiles.openToOthers(path);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    if (!taken(channel)) {
      String holder = holder(channel);
      channel.close();
      throw new BadSettings(
          List.of(
              "data.dir: \"%s\" belongs to another running process%s; each needs its own"
                  .formatted(file.getParent(), holder)));
    }
    channel.truncate(0);
    channel.write(US_ASCII.encode(Long.toString(ProcessHandle.current().pid())), 0);
    return channel;
  }

  private static boolean taken(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException sameProcess) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    channel.read(pid, 0);
    String text = US_ASCII.decode(pid.flip()).toString().strip();
    return text.matches("\\d+") ? " (pid " + text + ")" : "";
  }
}
