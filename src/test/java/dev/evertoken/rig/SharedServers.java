package dev.evertoken.rig;

import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One PostgreSQL and one Redis for all tests of this JVM, started when first asked for, stopped at
 * its end.
 *
 * <p>Nothing in them is synced to disk. A test that freezes or kills a server starts its own.
 */
public final class SharedServers {
  private static final class Postgres {
    static final LocalPostgres SERVER = Leftovers.cleared(free("postgres", Leftovers::postgres));
  }

  private static final class Redis {
    static final LocalRedis SERVER = free("redis", Leftovers::redis);
  }

  private interface Start<S> {
    S in(Path folder) throws IOException;
  }

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final AtomicInteger REDIS_DATABASE = new AtomicInteger();

  private SharedServers() {}

  /**
   * Always the same folder, so that what a killed test JVM left running is stopped by the next one.
   */
  private static <S extends AutoCloseable> S free(String kind, Start<S> start) {
    var failures = new IOException("No shared " + kind + " could be started");
    for (int i = 0; i < 8; i++) {
      try {
        S server = start.in(Scratch.root().resolve("shared-" + kind + "-" + i));
        atEnd(server);
        return server;
      } catch (IOException e) {
        // Another test JVM has this folder.
        failures.addSuppressed(e);
      }
    }
    throw new UncheckedIOException(failures);
  }

  private static void atEnd(AutoCloseable server) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "stop-shared-server"));
  }

  private static void close(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) {
      System.err.println("A shared server did not stop: " + e.getMessage());
    }
  }

  /** The shared PostgreSQL. */
  public static LocalPostgres postgres() {
    return Postgres.SERVER;
  }

  /** The shared Redis. */
  public static LocalRedis redis() {
    return Redis.SERVER;
  }

  /** The address of a new, empty database. */
  public static String freshDatabase() {
    String name = "t" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    try {
      return postgres().createDatabase(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of a Redis database that no other test of this JVM was given. */
  public static String freshRedis() {
    return redis().uri(REDIS_DATABASE.incrementAndGet());
  }
}
