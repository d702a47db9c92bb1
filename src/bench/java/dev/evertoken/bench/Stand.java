package dev.evertoken.bench;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.boot.Node;
import dev.evertoken.boot.settings.SettingsLoader;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.rig.ServiceProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final LocalPostgres postgres;
  private final LocalRedis redis;
  private final SimulatedProvider provider;
  private final Map<String, String> settings = new LinkedHashMap<>();

  Stand(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder.toAbsolutePath());
    postgres = LocalPostgres.start(folder.resolve("postgres"));
    redis = LocalRedis.start(folder.resolve("redis"));
    provider = within(SimulatedProvider.start(vertx));
    Path keyset =
        Files.writeString(folder.resolve("keyset.json"), Keyset.generate().json().reveal());
    Path providers =
        Files.writeString(
            folder.resolve("providers.yaml"),
            """
            providers:
              acme: {token_url: "%s", client_id: %s, client_secret: %s}
            """
                .formatted(
                    provider.url(Endpoint.TOKEN),
                    ProviderClients.DEFAULT_ID,
                    ProviderClients.DEFAULT_SECRET));
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
    return ServiceProcess.start(plan().jvm(options)).awaitReady(Duration.ofMinutes(2));
  }

  ServiceProcess.Plan plan() {
    var plan =
        ServiceProcess.Plan.in(folder.resolve("node"))
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
    NewFamily family = provider.newFamily("bench");
    JsonObject created =
        post(
            url + "/v1/accounts",
            new JsonObject()
                .put("name", "bench")
                .put("platform", "acme")
                .put("type", "oauth")
                .put(
                    "credentials",
                    new JsonObject()
                        .put("refresh_token", family.refreshToken())
                        .put("access_token", family.accessToken().value())
                        .put("expires_at", Instant.now().plusSeconds(3600).toString())));
    return created.getLong("id");
  }

  /** A key that may only read tokens, as a caller has it. */
  String readerKey(String url) throws Exception {
    return post(
            url + "/v1/keys",
            new JsonObject().put("name", "bench").put("scopes", List.of("token:read")))
        .getString("key");
  }

  private JsonObject post(String url, JsonObject body) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + ADMIN_KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(url + " answered " + answer.statusCode() + answer.body());
    }
    return new JsonObject(answer.body());
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
  public void close() throws Exception {
    http.shutdownNow();
    within(provider.close());
    within(vertx.close());
    postgres.close();
    redis.close();
  }
}
