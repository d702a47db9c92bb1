package dev.evertoken.dev;

import java.nio.file.Path;

/** A JVM that owns both embedded servers until it is killed. */
final class LocalServersChild {
  private LocalServersChild() {}

  static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), PostgresSettings.FAST);
    LocalRedis redis = LocalRedis.start(folder.resolve("redis"));
    System.out.println(postgres.uri() + " " + redis.uri());
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }
}
