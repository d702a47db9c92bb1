package dev.evertoken.boot;

import dev.evertoken.adapter.journal.JournalEscrow;
import dev.evertoken.adapter.oauth.Egress;
import dev.evertoken.adapter.oauth.HttpOAuthProvider;
import dev.evertoken.adapter.oauth.HttpProjectLookup;
import dev.evertoken.adapter.oauth.HttpProxyProbe;
import dev.evertoken.adapter.postgres.Postgres;
import dev.evertoken.adapter.redis.RedisTarget;
import dev.evertoken.adapter.redis.RedisTokenCache;
import dev.evertoken.adapter.vertx.VertxBreakers;
import dev.evertoken.adapter.vertx.VertxScheduler;
import dev.evertoken.app.Core;
import dev.evertoken.app.CorePorts;
import dev.evertoken.app.CoreSettings;
import dev.evertoken.app.PoolSettings;
import dev.evertoken.app.refresh.RefreshSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.bus.BusNotices;
import dev.evertoken.dev.ArmedFailPoints;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.FailPoints;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import java.nio.file.Path;

/** The adapters and the use cases of a node, put together; nothing of it serves anybody yet. */
record Wiring(Ground ground, CorePorts ports, Core core, RedisTokenCache cache, Egress egress) {

  private static final String FAIL_POINT = "evertoken.failpoint";

  /** Connects the adapters, over the escrow of that data folder. */
  static Future<Wiring> of(Ground ground, Path escrowFolder, Ending ending) {
    Vertx vertx = ground.vertx();
    return Blocking.get(
            vertx,
            () ->
                JournalEscrow.open(
                    vertx, escrowFolder, ground.keys().sealer(), ground.postgres().time()))
        .onSuccess(escrow -> ending.opened("escrow", escrow::close))
        .compose(
            escrow ->
                Blocking.get(vertx, () -> egress(ground))
                    .compose(egress -> connect(ground, escrow, egress, ending)));
  }

  private static Future<Wiring> connect(
      Ground ground, JournalEscrow escrow, Egress egress, Ending ending) {
    RedisTokenCache cache = cache(ground);
    ending.opened("redis", cache::close);
    BusNotices notices = new BusNotices(ground.vertx(), ground.postgres().time());
    ending.opened("notices", notices::close);
    CorePorts ports = ports(ground, escrow, egress, cache, notices);
    Core core = Core.of(ports, settings(ground.settings()));
    return Future.join(cache.start(), notices.start())
        .map(started -> new Wiring(ground, ports, core, cache, egress));
  }

  private static CorePorts ports(
      Ground ground,
      JournalEscrow escrow,
      Egress egress,
      RedisTokenCache cache,
      BusNotices notices) {
    Vertx vertx = ground.vertx();
    Postgres postgres = ground.postgres();
    return new CorePorts(
        new VertxScheduler(vertx),
        ground.settings().platforms(),
        postgres.accounts(),
        postgres.benches(),
        postgres.claims(),
        postgres.routes(),
        postgres.clients(),
        postgres.proxies(),
        postgres.pools(),
        new HttpProxyProbe(egress, ground.settings().proxyTestUrl()),
        postgres.changes(),
        cache,
        escrow,
        new HttpOAuthProvider(egress, postgres.time()),
        new HttpProjectLookup(vertx, egress),
        new VertxBreakers(vertx, postgres.time()),
        notices,
        postgres.events(),
        postgres.nodes(),
        postgres.tidying(ground.settings().auditRetention()),
        postgres.sealed(),
        postgres.audit(),
        ground.metrics().metrics(),
        failPoints(vertx),
        postgres.time());
  }

  private static Egress egress(Ground ground) {
    Settings.Egress settings = ground.settings().egress();
    return new Egress(ground.vertx(), settings.deny(), settings.caFile());
  }

  private static RedisTokenCache cache(Ground ground) {
    RedisClientType mode =
        switch (ground.settings().redis().mode()) {
          case STANDALONE -> RedisClientType.STANDALONE;
          case SENTINEL -> RedisClientType.SENTINEL;
          case CLUSTER -> RedisClientType.CLUSTER;
        };
    RedisTarget target =
        new RedisTarget(ground.servers().redis().stream().map(Secret::reveal).toList(), mode);
    return new RedisTokenCache(
        ground.vertx(), target, ground.postgres().cacheName(), ground.keys().sealer());
  }

  private static CoreSettings settings(Settings settings) {
    return new CoreSettings(
        new RefreshSettings(
            settings.refresh().maxAttempts(),
            settings.refresh().retryBackoff(),
            settings.refresh().deadline(),
            settings.tempUnschedDuration()),
        new PoolSettings(settings.pool().switchAfter(), settings.pool().maxSwitches()),
        settings.nearCache().maxAge(),
        settings.nearCache().maxOutage(),
        settings.nearCache().maxEntries(),
        settings.refresh().scanInterval());
  }

  /** Fault runs arm one by a system property; in service there is none. */
  private static FailPoints failPoints(Vertx vertx) {
    String armed = System.getProperty(FAIL_POINT);
    return armed == null ? FailPoints.NONE : ArmedFailPoints.parse(vertx, armed);
  }
}
