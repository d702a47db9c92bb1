package dev.evertoken.boot;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.KeysetFile;
import dev.evertoken.adapter.crypto.KeysetWatch;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sealer of this node.
 *
 * @param watch of the keyset's file; null where the environment holds the keyset
 */
record SealingKeys(TinkSealer sealer, @Nullable KeysetWatch watch) {

  private static final Logger LOG = LoggerFactory.getLogger(SealingKeys.class);
  private static final String HOW =
      "make one with: (umask 077; java -jar evertoken.jar keyset new > keyset.json), and name it in"
          + " encryption.keyset_file or put its content into EVERTOKEN_ENCRYPTION_KEYSET";

  /** Whether the keys of the file are those in use. */
  boolean good() {
    return watch == null || watch.good();
  }

  /** Of the environment, else of the file; beside an embedded PostgreSQL it is made at first. */
  static SealingKeys of(Settings settings, Path folder) throws IOException {
    Secret environment = settings.encryption().keyset();
    if (environment != null) {
      return new SealingKeys(new TinkSealer(parsed(environment)), null);
    }
    Path named = settings.encryption().keysetFile();
    if (named == null && settings.postgres().uri() != null) {
      throw new BadSettings(List.of("encryption.keyset_file: is missing; " + HOW));
    }
    KeysetFile file =
        new KeysetFile(named == null ? folder.resolve("keyset.json") : named.toAbsolutePath());
    if (named == null && !file.exists()) {
      make(file, folder);
    }
    TinkSealer sealer = new TinkSealer(read(file));
    return new SealingKeys(sealer, new KeysetWatch(file, sealer));
  }

  private static void make(KeysetFile file, Path folder) throws IOException {
    if (Files.exists(folder.resolve("postgres"))) {
      throw new BadSettings(
          List.of(
              "%s: is missing, and %s cannot be read without it; bring the file back"
                  .formatted(file.path(), folder.resolve("postgres"))));
    }
    file.write(Keyset.generate());
  }

  private static Keyset read(KeysetFile file) {
    String key = "encryption.keyset_file: \"" + file.path() + "\"";
    try {
      if (!file.exists()) {
        throw new BadSettings(List.of(key + " does not exist; " + HOW));
      }
      if (file.openToOthers()) {
        LOG.atWarn()
            .addKeyValue("file", file.path())
            .addKeyValue("cause", "others than its owner may read it: chmod 600")
            .log("keyset_open_to_others");
      }
      return file.read();
    } catch (IOException e) {
      throw new BadSettings(List.of(key + " cannot be read"));
    } catch (Keyset.BadKeyset e) {
      throw new BadSettings(List.of(key + " is " + e.getMessage() + "; " + HOW));
    }
  }

  private static Keyset parsed(Secret json) {
    try {
      return Keyset.parse(json);
    } catch (Keyset.BadKeyset e) {
      throw new BadSettings(
          List.of("EVERTOKEN_ENCRYPTION_KEYSET: \"***\" is " + e.getMessage() + "; " + HOW));
    }
  }
}
