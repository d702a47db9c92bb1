package dev.evertoken.boot;

import dev.evertoken.adapter.crypto.KeysetWatch;
import dev.evertoken.adapter.metrics.NodeMetrics;
import dev.evertoken.adapter.postgres.DatabaseLimits;
import dev.evertoken.adapter.postgres.Postgres;
import dev.evertoken.adapter.postgres.PostgresAddress;
import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node stands on: Vert.x, its folder, its keys, the servers and the store.
 *
 * @param member of the cluster; null: it is in none
 */
record Ground(
    Settings settings,
    String node,
    Vertx vertx,
    @Nullable ClusterMember member,
    NodeMetrics metrics,
    Path dataDir,
    SealingKeys keys,
    Servers servers,
    Postgres postgres) {

  private static final Logger LOG = LoggerFactory.getLogger(Ground.class);
  private static final Duration KEYSET_CHECK = Duration.ofSeconds(1);

  private record Local(Path dataDir, SealingKeys keys, Servers servers, PostgresAddress address) {}

  /**
   * Opens all of it, in this order.
   *
   * @param owned whether the folder is to be this process's own
   */
  static Future<Ground> open(Settings settings, String node, boolean owned, Ending ending) {
    LogSettings.name(node);
    NodeMetrics metrics = new NodeMetrics();
    return MeteredVertx.start(settings, metrics, node)
        .onSuccess(started -> ending.opened("vertx", started.vertx()::close))
        .compose(
            started ->
                Blocking.get(started.vertx(), () -> local(settings, owned, started.vertx(), ending))
                    .compose(local -> store(settings, node, started, metrics, local, ending)));
  }

  private static Local local(Settings settings, boolean owned, Vertx vertx, Ending ending)
      throws IOException {
    Path dataDir = settings.dataDir().toAbsolutePath().normalize();
    if (owned) {
      DataFolder folder = DataFolder.open(dataDir);
      ending.opened("data folder", () -> Blocking.run(vertx, folder::close));
      warn(settings, folder);
    }
    SealingKeys keys = SealingKeys.of(settings, dataDir);
    follow(vertx, keys, ending);
    Servers servers = Servers.of(settings, dataDir, vertx, ending);
    PostgresAddress address = address(servers.postgres());
    if (address.plaintextOffLoopback()) {
      warn("postgres_in_the_clear", address, "add ?sslmode=verify-full to postgres.uri");
    }
    return new Local(dataDir, keys, servers, address);
  }

  private static Future<Ground> store(
      Settings settings,
      String node,
      MeteredVertx.Started started,
      NodeMetrics metrics,
      Local local,
      Ending ending) {
    return Postgres.open(
            started.vertx(),
            local.address(),
            DatabaseLimits.of(settings.postgres().poolSize()),
            local.keys().sealer(),
            node,
            Clock.systemUTC())
        .onSuccess(postgres -> ending.opened("postgres", postgres::close))
        .map(
            postgres ->
                new Ground(
                    settings,
                    node,
                    started.vertx(),
                    started.member(),
                    metrics,
                    local.dataDir(),
                    local.keys(),
                    local.servers(),
                    postgres));
  }

  private static PostgresAddress address(Secret uri) {
    try {
      return PostgresAddress.parse(uri);
    } catch (IllegalArgumentException e) {
      throw new BadSettings(List.of("postgres.uri: " + e.getMessage()));
    }
  }

  private static void follow(Vertx vertx, SealingKeys keys, Ending ending) {
    KeysetWatch watch = keys.watch();
    if (watch != null) {
      long timer =
          vertx.setPeriodic(KEYSET_CHECK.toMillis(), tick -> Blocking.run(vertx, watch::check));
      ending.opened("keyset watch", () -> cancelled(vertx, timer));
    }
  }

  private static Future<Void> cancelled(Vertx vertx, long timer) {
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }

  private static void warn(Settings settings, DataFolder folder) {
    if (settings.cluster().enabled() && folder.temporary()) {
      warn(
          "data_dir_temporary",
          folder.path(),
          "it is lost with this machine or container: use a volume");
    }
    if (folder.openToOthers()) {
      warn("data_dir_open_to_others", folder.path(), "chmod 700 it");
    }
  }

  private static void warn(String event, Object subject, String cause) {
    LOG.atWarn().addKeyValue("subject", subject).addKeyValue("cause", cause).log(event);
  }
}
