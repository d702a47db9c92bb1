package dev.evertoken.chaos;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.dev.PostgresSettings;
import dev.evertoken.dev.Presentation;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.dev.RedisSettings;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.rig.Scratch;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.TcpFaultProxy;
import dev.evertoken.scenario.Service;
import dev.evertoken.scenario.Talk;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes of the service, each a JVM of its own, on a PostgreSQL and a Redis that are theirs to
 * be killed, with a link of its own from each node to each server and to the provider.
 */
final class Nodes implements AutoCloseable {

  static final int COUNT = 3;

  /** The longest that an exchange takes, everything included. */
  static final Duration EXCHANGE = Duration.ofSeconds(10);

  private static final int MOST_STARTS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Vertx vertx = Vertx.vertx();
  private final SimulatedProvider provider = within(SimulatedProvider.start(vertx));
  private final Path folder = Scratch.folder("chaos");
  private final LocalPostgres postgres;
  private final LocalRedis redis;
  private final int firstPort = freePort();
  private final @Nullable Path classes;
  private final List<Links> links = new ArrayList<>();
  private final List<ServiceProcess> nodes = new ArrayList<>();

  /** Starts the servers and the nodes; {@code classes} stand before those of the service. */
  static Nodes start(@Nullable Path classes, Supplier<String> failPoints) {
    try {
      Nodes all = new Nodes(classes);
      for (int i = 0; i < COUNT; i++) {
        all.nodes.add(ServiceProcess.start(all.plan(i, failPoints.get())));
      }
      for (int i = 0; i < COUNT; i++) {
        if (!all.becomesReady(i)) {
          all.restart(i, failPoints.get());
        }
      }
      return all;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Nodes(@Nullable Path classes) throws IOException {
    this.classes = classes;
    postgres = LocalPostgres.start(folder.resolve("postgres"), PostgresSettings.FAST);
    redis = LocalRedis.start(folder.resolve("redis"), RedisSettings.FAST);
    write("keyset.json", Keyset.generate().json().reveal());
    write("hazelcast.yaml", hazelcast());
    for (int i = 0; i < COUNT; i++) {
      links.add(
          new Links(
              TcpFaultProxy.to(postgres.uri()),
              TcpFaultProxy.to(redis.uri()),
              TcpFaultProxy.to(provider.url())));
      write("providers-" + i + ".yaml", platform(links.get(i).toProvider()));
    }
  }

  private String platform(TcpFaultProxy toProvider) {
    return """
    providers:
      acme:
        token_url: %s
        client_id: %s
        client_secret: %s
        limits: {concurrency: 60, per_second: 1000}
        breaker: {max_failures: 20, reset_timeout: 1s}
        refresh: {connect_timeout: 2s, tls_timeout: 2s, total_timeout: %ds, request_timeout: 1s}
    """
        .formatted(
            toProvider.through(provider.url(Endpoint.TOKEN)),
            ProviderClients.DEFAULT_ID,
            ProviderClients.DEFAULT_SECRET,
            EXCHANGE.toSeconds());
  }

  private ServiceProcess.Plan plan(int number, String failPoints) {
    ServiceProcess.Plan plan = ServiceProcess.Plan.in(home(number));
    for (var setting : settings(number).entrySet()) {
      plan = plan.with(setting.getKey(), setting.getValue());
    }
    if (!failPoints.isEmpty()) {
      plan = plan.jvm(List.of("-Devertoken.failpoint=" + failPoints));
    }
    return classes == null ? plan : plan.behind(classes);
  }

  private Map<String, String> settings(int number) {
    Links ways = links.get(number);
    return Map.ofEntries(
        Map.entry("EVERTOKEN_POSTGRES_URI", ways.toPostgres().through(postgres.uri())),
        Map.entry("EVERTOKEN_REDIS_URI", ways.toRedis().through(redis.uri())),
        Map.entry("EVERTOKEN_ENCRYPTION_KEYSET_FILE", file("keyset.json")),
        Map.entry("EVERTOKEN_PROVIDERS_FILE", file("providers-" + number + ".yaml")),
        Map.entry("EVERTOKEN_ADMIN_KEY", Service.ADMIN_KEY),
        Map.entry("EVERTOKEN_CLUSTER_ENABLED", "true"),
        Map.entry("EVERTOKEN_CLUSTER_HAZELCAST_CONFIG", file("hazelcast.yaml")),
        Map.entry("EVERTOKEN_TEMP_UNSCHED_DURATION", "2s"),
        Map.entry("EVERTOKEN_REFRESH_RETRY_BACKOFF", "20ms"));
  }

  /** Where a node keeps its data. */
  Path data(int number) {
    return home(number).resolve("data");
  }

  private Path home(int number) {
    return folder.resolve("node-" + number);
  }

  /**
   * Starts a node that has ended, on its data folder, with fail points; waits until it is ready. A
   * start that gives up, as the servers were away too long, is followed by another.
   */
  void restart(int number, String failPoints) {
    for (int tries = 0; tries < MOST_STARTS; tries++) {
      nodes.set(number, ServiceProcess.start(plan(number, failPoints)));
      if (becomesReady(number)) {
        return;
      }
    }
    throw new AssertionError("node " + number + " does not start:\n" + node(number).log());
  }

  private boolean becomesReady(int number) {
    try {
      node(number).awaitReady(PATIENCE);
      return true;
    } catch (IllegalStateException ended) {
      return false;
    }
  }

  ServiceProcess node(int number) {
    return nodes.get(number);
  }

  Talk talk(int number) {
    return new Talk(URI.create(nodes.get(number).url()).getPort(), Service.ADMIN_KEY)
        .within(Duration.ofSeconds(4));
  }

  Links links(int number) {
    return links.get(number);
  }

  SimulatedProvider provider() {
    return provider;
  }

  LocalPostgres postgres() {
    return postgres;
  }

  LocalRedis redis() {
    return redis;
  }

  Vertx vertx() {
    return vertx;
  }

  /** The node that presented a refresh token. */
  int presenter(Presentation presentation) {
    String source = presentation.source();
    int port = Integer.parseInt(source.substring(source.lastIndexOf(':') + 1));
    return IntStream.range(0, COUNT)
        .boxed()
        .max(Comparator.comparing(i -> joined(i, port, presentation.at())))
        .orElseThrow();
  }

  private Instant joined(int number, int port, Instant at) {
    return links.get(number).toProvider().joinedFrom(port, at).orElse(Instant.MIN);
  }

  @Override
  public void close() {
    nodes.forEach(ServiceProcess::close);
    links.forEach(Links::close);
    try (redis;
        postgres) {
      within(provider.close());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      within(vertx.close());
    }
  }

  /** The shipped configuration, with a name and ports that no other run has. */
  private String hazelcast() throws IOException {
    List<String> members =
        IntStream.range(0, COUNT).mapToObj(i -> "\"127.0.0.1:" + (firstPort + i) + "\"").toList();
    return Files.readString(Path.of("conf/hazelcast.yaml"))
        .replace("cluster-name: evertoken", "cluster-name: chaos-" + firstPort)
        .replace("port: 5701", "port: " + firstPort)
        .replace("member-list: [127.0.0.1]", "member-list: " + members);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static <T> T within(Future<T> work) {
    try {
      return work.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("not within a minute", late);
    }
  }
}
