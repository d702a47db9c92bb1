package dev.evertoken.boot;

import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.YamlConfigBuilder;
import dev.evertoken.adapter.metrics.NodeMetrics;
import dev.evertoken.adapter.oauth.Egress;
import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Starts the Vert.x of a node, in a cluster where the settings say so. */
final class MeteredVertx {

  private MeteredVertx() {}

  static Future<Vertx> start(Settings settings, NodeMetrics metrics) {
    VertxOptions options =
        new VertxOptions()
            .setAddressResolverOptions(Egress.nameLookup())
            .setMetricsOptions(metrics.vertxOptions());
    var builder = Vertx.builder().withMetrics(metrics.vertxFactory());
    if (!settings.cluster().enabled()) {
      return Future.succeededFuture(builder.with(options).build());
    }
    return builder
        .with(options.setEventBusOptions(bus(settings.cluster())))
        .withClusterManager(new HazelcastClusterManager(hazelcast(settings.cluster())))
        .buildClustered();
  }

  private static EventBusOptions bus(Settings.Cluster cluster) {
    EventBusOptions options = new EventBusOptions().setHost(cluster.host()).setPort(cluster.port());
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

  private static Config hazelcast(Settings.Cluster cluster) {
    Path file = cluster.hazelcastConfig();
    try (InputStream in =
        Files.exists(file)
            ? Files.newInputStream(file)
            : MeteredVertx.class.getResourceAsStream("/conf/hazelcast.yaml")) {
      if (in == null) {
        throw new BadSettings(
            List.of("cluster.hazelcast_config: \"%s\" does not exist".formatted(file)));
      }
      return new YamlConfigBuilder(in).build();
    } catch (IOException | InvalidConfigurationException e) {
      throw new BadSettings(
          List.of("cluster.hazelcast_config: \"%s\" cannot be read".formatted(file)));
    }
  }
}
