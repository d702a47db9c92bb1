package dev.evertoken.boot;

import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.domain.Secret;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where PostgreSQL and Redis are: the servers of the settings, or embedded ones, each on its own.
 */
record Servers(Secret postgres, List<Secret> redis) {

  /** Starts those that the settings do not name; blocking. */
  static Servers of(Settings settings, Path dataDir, Vertx vertx, Ending ending)
      throws IOException {
    Secret postgres = settings.postgres().uri();
    List<Secret> redis = settings.redis().uris();
    return new Servers(
        postgres == null ? localPostgres(dataDir, vertx, ending) : postgres,
        redis.isEmpty() ? List.of(localRedis(dataDir, vertx, ending)) : redis);
  }

  private static Secret localPostgres(Path dataDir, Vertx vertx, Ending ending) throws IOException {
    try {
      LocalPostgres server = LocalPostgres.start(dataDir.resolve("postgres"));
      ending.opened("embedded postgres", () -> Blocking.run(vertx, server::close));
      return Secret.of(server.uri());
    } catch (LinkageError e) {
      throw notInside("postgres.uri");
    }
  }

  private static Secret localRedis(Path dataDir, Vertx vertx, Ending ending) throws IOException {
    try {
      LocalRedis server = LocalRedis.start(dataDir.resolve("redis"));
      ending.opened("embedded redis", () -> Blocking.run(vertx, server::close));
      return Secret.of(server.uri());
    } catch (LinkageError e) {
      throw notInside("redis.uri");
    }
  }

  private static BadSettings notInside(String key) {
    return new BadSettings(
        List.of(key + ": is missing; this jar was built without embedded servers"));
  }
}
