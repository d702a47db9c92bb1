package dev.evertoken.scenario;

import com.hazelcast.config.Config;
import com.hazelcast.config.YamlConfigBuilder;
import dev.evertoken.bus.EvertokenClient;
import dev.evertoken.rig.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A member of the cluster, in this JVM, that is no node: it asks, tells and listens. */
final class Guest implements AutoCloseable {

  private final HazelcastClusterManager manager;
  private final Vertx vertx;

  private Guest(HazelcastClusterManager manager, Vertx vertx) {
    this.manager = manager;
    this.vertx = vertx;
  }

  /**
   * Joins.
   *
   * @param certificate what it proves itself with and whom it trusts; null: no TLS
   */
  static Guest join(Path hazelcast, TestCertificate.@Nullable Pem certificate) {
    // Before the first class of Hazelcast logs, or java.util.logging writes to the console.
    System.setProperty("hazelcast.logging.type", "slf4j");
    HazelcastClusterManager manager = new HazelcastClusterManager(config(hazelcast));
    EventBusOptions bus = new EventBusOptions().setHost("127.0.0.1");
    if (certificate != null) {
      bus.setSsl(true)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(certificate.asOptions())
          .setTrustOptions(new PemTrustOptions().addCertPath(certificate.certificate().toString()));
    }
    return new Guest(
        manager,
        within(
            Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus))
                .withClusterManager(manager)
                .buildClustered()));
  }

  private static Config config(Path file) {
    try {
      return new YamlConfigBuilder(file.toString()).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  EvertokenClient client() {
    return EvertokenClient.create(vertx);
  }

  /** How many members it sees, itself included. */
  int members() {
    return manager.getNodes().size();
  }

  @Override
  public void close() {
    within(vertx.close());
  }

  private static <T> T within(Future<T> work) {
    try {
      return work.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("not within a minute", late);
    }
  }
}
