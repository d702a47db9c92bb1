package dev.evertoken.bench;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.boot.Node;
import dev.evertoken.boot.settings.SettingsLoader;
import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.ServiceProcess;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** PostgreSQL, Redis, a simulated provider that is the platform {@code acme}, and nodes on them. */
final class Stand implements AutoCloseable {

  static final String ADMIN_KEY = "admin-key-of-the-benchmarks-0123456789abcdef";

  private static final List<String> JVM =
      List.of(
          "-Xmx512m",
          "-XX:TieredStopAtLevel=4",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private static final int IMPORT = 5_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final LocalPostgres postgres;
  private final LocalRedis redis;
  private final Upstream provider;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<ServiceProcess> nodes = new ArrayList<>();

  Stand(Path folder) throws Exception {
    this(folder, "");
  }

  /**
   * A stand whose platform has more than the defaults.
   *
   * @param more further keys of the platform in YAML, such as {@code limits: {concurrency: 64}}
   */
  Stand(Path folder, String more) throws Exception {
    this.folder = Files.createDirectories(folder.toAbsolutePath());
    postgres = LocalPostgres.start(folder.resolve("postgres"));
    redis = LocalRedis.start(folder.resolve("redis"));
    provider = Upstream.start(this.folder.resolve("provider.log"));
    Path keyset =
        Files.writeString(folder.resolve("keyset.json"), Keyset.generate().json().reveal());
    Path providers =
        Files.writeString(
            folder.resolve("providers.yaml"),
            """
            providers:
              acme: {token_url: "%s", client_id: %s, client_secret: %s, %s}
            """
                .formatted(
                    provider.tokenUrl(),
                    ProviderClients.DEFAULT_ID,
                    ProviderClients.DEFAULT_SECRET,
                    more));
    String database = "bench_" + Long.toString(System.nanoTime(), 36);
    set("postgres.uri", postgres.createDatabase(database));
    set("redis.uri", redis.uri());
    set("providers_file", providers.toAbsolutePath().toString());
    set("encryption.keyset_file", keyset.toAbsolutePath().toString());
  }

  Stand set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** Has the nodes find each other. */
  Stand clustered() throws IOException {
    int port = freePort();
    Path file =
        Files.writeString(
            folder.resolve("hazelcast.yaml"),
            Files.readString(Path.of("conf/hazelcast.yaml"))
                .replace("cluster-name: evertoken", "cluster-name: bench-" + port)
                .replace("port: 5701", "port: " + port)
                .replace("member-list: [127.0.0.1]", "member-list: [\"127.0.0.1:" + port + "\"]"));
    return set("cluster.enabled", "true").set("cluster.hazelcast_config", file.toString());
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Upstream provider() {
    return provider;
  }

  Connection sql() throws SQLException {
    return Jdbc.connect(Objects.requireNonNull(settings.get("postgres.uri")));
  }

  String redis() {
    return redis.uri();
  }

  Path folder() {
    return folder;
  }

  /** A node in this JVM. */
  Node node() throws Exception {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("http.port", "0");
    all.put("data.dir", folder.resolve("data").toString());
    return within(
        Node.start(SettingsLoader.of(all, Map.of("EVERTOKEN_ADMIN_KEY", ADMIN_KEY)).settings()));
  }

  /**
   * A node as a JVM of its own; {@code -Dbench.service-options} adds options, such as those of a
   * flight recording.
   */
  ServiceProcess process() {
    String more = System.getProperty("bench.service-options", "");
    List<String> options = new ArrayList<>(JVM);
    options.addAll(List.of(more.split(" ")));
    options.removeIf(String::isBlank);
    ServiceProcess node = ServiceProcess.start(plan(nodes.size()).jvm(options));
    nodes.add(node);
    return node.awaitReady(Duration.ofMinutes(2));
  }

  private ServiceProcess.Plan plan(int number) {
    var plan =
        ServiceProcess.Plan.in(folder.resolve("node-" + number))
            .with("EVERTOKEN_ADMIN_KEY", ADMIN_KEY)
            .with("EVERTOKEN_LOG_LEVEL", "warn");
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      plan = plan.with(environment(setting.getKey()), setting.getValue());
    }
    return plan;
  }

  static String environment(String key) {
    return "EVERTOKEN_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** Another JVM with the class path of this one. */
  static Process java(Path log, String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC"));
    command.addAll(JVM);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** An account of {@code acme} whose token lives an hour; its id. */
  long account(String url) throws Exception {
    return account(url, Duration.ofHours(1), new JsonObject());
  }

  /**
   * An account of {@code acme}; its id.
   *
   * @param left until its token expires
   * @param more further fields
   */
  long account(String url, Duration left, JsonObject more) throws Exception {
    return create(url, body("bench", provider.family(), left).mergeIn(more));
  }

  /** An account of a family of the provider's; its id. */
  long account(String url, JsonObject family, Duration left) throws Exception {
    return create(url, body("bench", family, left));
  }

  private long create(String url, JsonObject account) throws Exception {
    return post(url + "/v1/accounts", account).getLong("id");
  }

  /** So many accounts of {@code acme} of that name by the file; their ids. */
  List<Long> accounts(String url, int count, String name, Duration left) throws Exception {
    for (int done = 0; done < count; done += IMPORT) {
      StringBuilder file = new StringBuilder();
      for (int i = done; i < Math.min(count, done + IMPORT); i++) {
        file.append(body(name, provider.family(), left).encode()).append('\n');
      }
      send(url + "/v1/accounts/import", "application/x-ndjson", file.toString());
    }
    List<Long> ids = ids(name);
    if (ids.size() != count) {
      throw new IllegalStateException(ids.size() + " accounts were imported");
    }
    return ids;
  }

  private List<Long> ids(String name) throws SQLException {
    try (Connection connection = sql();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select id from accounts where name = '" + name + "'")) {
      List<Long> ids = new ArrayList<>();
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
      return ids;
    }
  }

  private static JsonObject body(String name, JsonObject family, Duration left) {
    return new JsonObject()
        .put("name", name)
        .put("platform", "acme")
        .put("type", "oauth")
        .put(
            "credentials",
            new JsonObject()
                .put("refresh_token", family.getString("refresh_token"))
                .put("access_token", family.getString("access_token"))
                .put("expires_at", Instant.now().plus(left).toString()));
  }

  /** A key that may only read tokens, as a caller has it. */
  String readerKey(String url) throws Exception {
    return post(
            url + "/v1/keys",
            new JsonObject().put("name", "bench").put("scopes", List.of("token:read")))
        .getString("key");
  }

  JsonObject post(String url, JsonObject body) throws Exception {
    return new JsonObject(send(url, "application/json", body.encode()));
  }

  private String send(String url, String type, String body) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + ADMIN_KEY)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(url + " answered " + answer.statusCode() + answer.body());
    }
    return answer.body();
  }

  HttpResponse<String> get(String url, String key) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + key).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  static <T> T within(Future<T> work) throws Exception {
    return work.await(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(ServiceProcess::close);
    http.shutdownNow();
    provider.close();
    postgres.close();
    redis.close();
  }
}
