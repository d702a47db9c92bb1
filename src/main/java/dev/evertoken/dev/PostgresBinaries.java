package dev.evertoken.dev;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The PostgreSQL programs that this build carries, unpacked. */
final class PostgresBinaries {
  private PostgresBinaries() {}

  /** The folder with {@code bin/initdb} and {@code bin/pg_ctl}. */
  static Path unpacked(BinaryCache cache) throws IOException {
    byte[] archive = archive();
    return cache.entry("postgres-" + digest(archive), folder -> TarXz.unpack(archive, folder));
  }

  private static byte[] archive() throws IOException {
    try (InputStream in =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
            System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux",
            System.getProperty("os.arch"))) {
      return in.readAllBytes();
    } catch (IllegalStateException | NoClassDefFoundError e) {
      throw new IOException(
          "This build carries no PostgreSQL for this machine: set postgres.uri to one of your own",
          e);
    }
  }

  private static String digest(byte[] archive) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(archive);
      return HexFormat.of().formatHex(sum, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
