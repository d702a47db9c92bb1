package dev.evertoken.scenario;

import dev.evertoken.rig.Await;
import dev.evertoken.rig.TcpFaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Two nodes, each a JVM of its own, that reach each other through proxies only, for the bus and for
 * Hazelcast; both reach PostgreSQL and Redis whatever is between them.
 */
final class Divided implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final List<TcpFaultProxy> toHazelcast = new ArrayList<>();
  private final List<TcpFaultProxy> toBus = new ArrayList<>();

  Divided(Map<String, String> acme) {
    cluster = Cluster.of(0, acme);
    List<Integer> ports = List.of(Cluster.freePort(), Cluster.freePort());
    ports.forEach(port -> toHazelcast.add(TcpFaultProxy.to("127.0.0.1", port)));
    for (int node = 0; node < 2; node++) {
      int bus = Cluster.freePort();
      toBus.add(TcpFaultProxy.to("127.0.0.1", bus));
      cluster.setting(node, "EVERTOKEN_CLUSTER_PORT", String.valueOf(bus));
      cluster.setting(node, "EVERTOKEN_CLUSTER_PUBLIC_HOST", "127.0.0.1");
      cluster.setting(
          node, "EVERTOKEN_CLUSTER_PUBLIC_PORT", String.valueOf(toBus.get(node).port()));
      cluster.setting(
          node, "EVERTOKEN_CLUSTER_HAZELCAST_CONFIG", hazelcast(node, ports.get(node)).toString());
    }
    cluster.startAtOnce(2);
    awaitWell();
  }

  private Path hazelcast(int node, int port) {
    try {
      String text =
          Files.readString(cluster.hazelcastFile())
              .replaceFirst(
                  "# public-address: \\S+",
                  "public-address: 127.0.0.1:" + toHazelcast.get(node).port())
              .replaceFirst("port: \\d+\n", "port: " + port + "\n")
              .replaceFirst("auto-increment: true", "auto-increment: false")
              .replaceFirst(
                  "member-list: \\[[^]]*]",
                  "member-list: [\"127.0.0.1:%d\", \"127.0.0.1:%d\"]"
                      .formatted(toHazelcast.get(0).port(), toHazelcast.get(1).port()));
      return Files.writeString(cluster.hazelcastFile().resolveSibling(node + ".yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Cluster cluster() {
    return cluster;
  }

  /** Does that to every way between the nodes. */
  void between(Consumer<TcpFaultProxy> fault) {
    toHazelcast.forEach(fault);
    toBus.forEach(fault);
  }

  /** Waits until each says that there is a node which it cannot reach. */
  void awaitDivided() {
    awaitMissing(List.of("cluster"));
  }

  void awaitWell() {
    awaitMissing(List.of());
  }

  private void awaitMissing(List<String> missing) {
    for (int node = 0; node < 2; node++) {
      Talk talk = cluster.talk(node);
      Await.until(
          "node " + node + " misses " + missing,
          () -> Members.missing(talk).equals(missing),
          PATIENCE);
    }
  }

  /** How many messages of the other node have reached that one. */
  double heard(int node) {
    return cluster
        .talk(node)
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("vertx_eventbus_received_total"))
        .filter(line -> line.contains("remote"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Override
  public void close() {
    between(TcpFaultProxy::restore);
    cluster.close();
    between(TcpFaultProxy::close);
  }
}
