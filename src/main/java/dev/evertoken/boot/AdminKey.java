package dev.evertoken.boot;

import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bootstrap key with every scope.
 *
 * @param fresh whether it has just been made, and is to be shown this once
 */
record AdminKey(Secret key, boolean fresh) {

  private static final int RANDOM_BYTES = 32;
  private static final int SHORTEST = 32;

  /** Of the environment, else of {@code admin.key} in the folder, which is made the first time. */
  static AdminKey of(@Nullable Secret environment, Path folder) throws IOException {
    if (environment != null) {
      return new AdminKey(environment, false);
    }
    Path file = folder.resolve("admin.key");
    return Files.exists(file) ? new AdminKey(read(file), false) : new AdminKey(make(file), true);
  }

  /** The key that a start left in the folder. */
  static Secret read(Path file) throws IOException {
    Secret key = Secret.of(Files.readString(file).strip());
    if (key.reveal().length() < SHORTEST) {
      throw new BadSettings(
          List.of(
              "%s: \"***\" is not allowed; allowed: a text of %d characters or more"
                  .formatted(file, SHORTEST)));
    }
    return key;
  }

  private static Secret make(Path file) throws IOException {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    Secret key = Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    PrivateFiles.writeNew(file, key.reveal() + "\n");
    return key;
  }
}
