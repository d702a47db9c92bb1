package dev.evertoken.adapter.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A keyset in a file that only its owner may read. */
public final class KeysetFile {

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;

  public KeysetFile(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }

  public boolean exists() {
    return Files.exists(path);
  }

  /** Reads the keyset; fails with {@link Keyset.BadKeyset} where the file holds none. */
  public Keyset read() throws IOException {
    return Keyset.parse(content());
  }

  /** Replaces the file in one step: whoever reads sees the old keyset or the new one. */
  public void write(Keyset keyset) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(path + " is not a file");
    }
    Path fresh = Files.createTempFile(folder, ".keyset", ".json", OWNER_ONLY);
    try {
      try (var out = java.nio.channels.FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        out.write(UTF_8.encode(keyset.json().reveal() + "\n"));
        out.force(true);
      }
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Whether others than the owner may read or write it. */
  public boolean openToOthers() throws IOException {
    Set<PosixFilePermission> others = EnumSet.copyOf(PosixFilePermissions.fromString("rwxrwxrwx"));
    others.removeAll(PosixFilePermissions.fromString("rwx------"));
    others.retainAll(Files.getPosixFilePermissions(path));
    return !others.isEmpty();
  }

  Secret content() throws IOException {
    return Secret.of(Files.readString(path));
  }
}
