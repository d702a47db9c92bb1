package dev.evertoken.dev;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** The Redis server program that this build carries, unpacked. */
final class RedisBinary {
  private RedisBinary() {}

  static Path unpacked(BinaryCache cache) throws IOException {
    String resource = resource();
    String name = resource.substring(1);
    return cache.entry(name, folder -> unpack(resource, folder)).resolve("redis-server");
  }

  private static String resource() throws IOException {
    @Nullable String resource;
    try {
      resource =
          ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
    } catch (RuntimeException | NoClassDefFoundError e) {
      throw missing(e);
    }
    if (resource == null) {
      throw missing(null);
    }
    return resource;
  }

  private static void unpack(String resource, Path folder) throws IOException {
    try (InputStream in = ExecutableProvider.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw missing(null);
      }
      Path program = folder.resolve("redis-server");
      Files.copy(in, program);
      Programs.makeExecutable(program);
    }
  }

  private static IOException missing(@Nullable Throwable cause) {
    return new IOException(
        "This build carries no Redis for this machine: set redis.uri to one of your own", cause);
  }
}
