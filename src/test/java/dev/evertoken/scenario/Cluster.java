package dev.evertoken.scenario;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.rig.Scratch;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.SharedServers;
import dev.evertoken.rig.TcpFaultProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of the service, each a JVM of its own, in one cluster on loopback, on a database of their
 * own, beside a simulated provider in this JVM that is the platform {@code acme}.
 */
final class Cluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Vertx vertx = Vertx.vertx();
  private final SimulatedProvider provider = within(SimulatedProvider.start(vertx));
  private final Path folder = Scratch.folder("cluster");
  private final String database = SharedServers.freshDatabase();
  private final int hazelcastPort = freePort();
  private final TcpFaultProxy toPostgres = TcpFaultProxy.to(database);
  private final TcpFaultProxy toRedis = TcpFaultProxy.to(SharedServers.redis().uri());
  private final List<ServiceProcess> nodes = new ArrayList<>();
  private final Map<String, String> settings = new HashMap<>();
  private final Map<Integer, Map<String, String>> own = new HashMap<>();
  private final Map<Integer, Path> versions = new HashMap<>();

  /** Starts that many nodes, one after the other, with these lines for {@code acme}. */
  static Cluster of(int size, Map<String, String> acme) {
    return ofPlatforms(size, Map.of("acme", acme));
  }

  /** The same with more platforms of the same provider, by name. */
  static Cluster ofPlatforms(int size, Map<String, Map<String, String>> platforms) {
    Cluster cluster = new Cluster(platforms);
    for (int i = 0; i < size; i++) {
      cluster.start();
    }
    return cluster;
  }

  private Cluster(Map<String, Map<String, String>> platforms) {
    write("keyset.json", Keyset.generate().json().reveal());
    StringBuilder yaml = new StringBuilder("providers:\n");
    platforms.forEach((name, keys) -> platform(yaml, name, keys));
    write("providers.yaml", yaml.toString());
    write("hazelcast.yaml", hazelcast());
  }

  private void platform(StringBuilder yaml, String name, Map<String, String> keys) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("token_url", provider.url(Endpoint.TOKEN));
    all.put("client_id", ProviderClients.DEFAULT_ID);
    all.put("client_secret", ProviderClients.DEFAULT_SECRET);
    all.put("limits", "{concurrency: 60, per_second: 1000}");
    all.putAll(keys);
    yaml.append("  ").append(name).append(":\n");
    all.forEach((key, value) -> line(yaml, key, value));
  }

  /** Sets a variable of the nodes that are started from now on. */
  void setting(String variable, String value) {
    settings.put(variable, value);
  }

  /** Sets a variable of that node alone, which is not started yet. */
  void setting(int number, String variable, String value) {
    own.computeIfAbsent(number, n -> new HashMap<>()).put(variable, value);
  }

  /** Has that node run a built service of another version from its next start on; null: ours. */
  void version(int number, @Nullable Path jar) {
    if (jar == null) {
      versions.remove(number);
    } else {
      versions.put(number, jar);
    }
  }

  /** How the nodes find each other; another member of the cluster would read the same. */
  Path hazelcastFile() {
    return folder.resolve("hazelcast.yaml");
  }

  /** Starts that many more nodes at once. */
  void startAtOnce(int more) {
    List<ServiceProcess> fresh = new ArrayList<>();
    for (int i = 0; i < more; i++) {
      ServiceProcess node = ServiceProcess.start(plan(nodes.size()));
      nodes.add(node);
      fresh.add(node);
    }
    fresh.forEach(node -> node.awaitReady(PATIENCE));
  }

  /** Starts one more node with further options for its JVM; answers its number when it is ready. */
  int start(String... jvm) {
    int number = nodes.size();
    nodes.add(ServiceProcess.start(plan(number).jvm(List.of(jvm))).awaitReady(PATIENCE));
    return number;
  }

  /** Starts a node that was killed again, on its data folder; it is ready some time later. */
  void restart(int number) {
    nodes.set(number, ServiceProcess.start(plan(number)));
  }

  private ServiceProcess.Plan plan(int number) {
    ServiceProcess.Plan plan = ServiceProcess.Plan.in(folder.resolve("node-" + number));
    Map<String, String> all = new HashMap<>(settings());
    all.putAll(settings);
    all.putAll(own.getOrDefault(number, Map.of()));
    for (var setting : all.entrySet()) {
      plan = plan.with(setting.getKey(), setting.getValue());
    }
    return plan.of(versions.get(number));
  }

  /** The address of the database, past {@link #toPostgres}. */
  String database() {
    return database;
  }

  TcpFaultProxy toPostgres() {
    return toPostgres;
  }

  TcpFaultProxy toRedis() {
    return toRedis;
  }

  private Map<String, String> settings() {
    return Map.ofEntries(
        Map.entry("EVERTOKEN_POSTGRES_URI", toPostgres.through(database)),
        Map.entry("EVERTOKEN_REDIS_URI", toRedis.through(SharedServers.redis().uri())),
        Map.entry("EVERTOKEN_ENCRYPTION_KEYSET_FILE", folder.resolve("keyset.json").toString()),
        Map.entry("EVERTOKEN_PROVIDERS_FILE", folder.resolve("providers.yaml").toString()),
        Map.entry("EVERTOKEN_ADMIN_KEY", Service.ADMIN_KEY),
        Map.entry("EVERTOKEN_CLUSTER_ENABLED", "true"),
        Map.entry(
            "EVERTOKEN_CLUSTER_HAZELCAST_CONFIG", folder.resolve("hazelcast.yaml").toString()),
        Map.entry("EVERTOKEN_REFRESH_BACKGROUND", "false"),
        Map.entry("EVERTOKEN_REFRESH_RETRY_BACKOFF", "20ms"));
  }

  /** The folder of all: the keyset, and below it those of the nodes. */
  Path folder() {
    return folder;
  }

  ServiceProcess node(int number) {
    return nodes.get(number);
  }

  Talk talk(int number) {
    return new Talk(URI.create(nodes.get(number).url()).getPort(), Service.ADMIN_KEY);
  }

  SimulatedProvider provider() {
    return provider;
  }

  long calls() {
    return provider.ledger().calls(Endpoint.TOKEN);
  }

  /** An account of {@code acme}, its creation body changed as told; its id. */
  long account(String refreshToken, Consumer<JsonObject> change) {
    JsonObject body =
        new JsonObject()
            .put("name", "of the cluster")
            .put("platform", "acme")
            .put("type", "oauth")
            .put("credentials", new JsonObject().put("refresh_token", refreshToken));
    change.accept(body);
    Answer created = talk(0).post("/v1/accounts", body);
    if (created.status() != 201) {
      throw new AssertionError("not created: " + created.body());
    }
    return created.json().getLong("id");
  }

  @Override
  public void close() {
    nodes.forEach(ServiceProcess::close);
    toPostgres.close();
    toRedis.close();
    within(provider.close());
    within(vertx.close());
  }

  /** The shipped configuration, with a name and a port that no other run has. */
  private String hazelcast() {
    try {
      return Files.readString(Path.of("conf/hazelcast.yaml"))
          .replace("cluster-name: evertoken", "cluster-name: test-" + hazelcastPort)
          .replace("port: 5701", "port: " + hazelcastPort)
          .replace(
              "member-list: [127.0.0.1]", "member-list: [\"127.0.0.1:" + hazelcastPort + "\"]");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void line(StringBuilder yaml, String key, String value) {
    yaml.append("    ").append(key).append(": ").append(value).append('\n');
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static <T> T within(Future<T> work) {
    try {
      return work.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("not within a minute", late);
    }
  }
}
