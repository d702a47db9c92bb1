package dev.evertoken.boot;

import dev.evertoken.adapter.metrics.NodeMetrics;
import dev.evertoken.adapter.oauth.Egress;
import dev.evertoken.boot.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Starts the Vert.x of a node, in a cluster where the settings say so. */
final class MeteredVertx {

  /** A connection of the bus on which nothing comes back is given up within seconds. */
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** How long, after a split has healed, a notice may still pass a node by. */
  private static final Duration RENEWAL = Duration.ofSeconds(5);

  private static final Duration PING = Duration.ofSeconds(2);
  private static final Duration PONG = Duration.ofSeconds(4);

  private MeteredVertx() {}

  /**
   * Started.
   *
   * @param member of the cluster; null: it is in none
   */
  record Started(Vertx vertx, @Nullable ClusterMember member) {}

  static Future<Started> start(Settings settings, NodeMetrics metrics, String node) {
    VertxOptions options =
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setAddressResolverOptions(Egress.nameLookup(settings.dnsServers()))
            .setMetricsOptions(metrics.vertxOptions());
    var builder = Vertx.builder().withMetrics(metrics.vertxFactory());
    if (!settings.cluster().enabled()) {
      return Future.succeededFuture(new Started(builder.with(options).build(), null));
    }
    ClusterMember member =
        new ClusterMember(
            HazelcastFile.read(settings.cluster().hazelcastConfig(), System.getenv()), node);
    return builder
        .with(options.setEventBusOptions(bus(settings.cluster())))
        .withClusterManager(member)
        .buildClustered()
        .onSuccess(vertx -> vertx.setPeriodic(RENEWAL.toMillis(), tick -> member.renew()))
        .map(vertx -> new Started(vertx, member));
  }

  private static EventBusOptions bus(Settings.Cluster cluster) {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(cluster.host())
            .setPort(cluster.port())
            .setClusterPublicHost(cluster.publicHost())
            .setConnectTimeout((int) CONNECT.toMillis())
            .setClusterPingInterval(PING.toMillis())
            .setClusterPingReplyInterval(PONG.toMillis());
    if (cluster.publicPort() > 0) {
      options.setClusterPublicPort(cluster.publicPort());
    }
    Settings.Tls tls = cluster.tls();
    if (tls != null) {
      options
          .setSsl(true)
          .setTrustAll(false)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(tls.certificate().toString())
                  .setKeyPath(tls.key().toString()))
          .setTrustOptions(
              new PemTrustOptions().addCertPath(Objects.requireNonNull(tls.clientCa()).toString()));
    }
    return options;
  }
}
