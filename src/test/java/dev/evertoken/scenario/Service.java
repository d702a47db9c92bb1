package dev.evertoken.scenario;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.boot.Node;
import dev.evertoken.boot.settings.SettingsLoader;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.NewFamily;
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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole service in this JVM, on the shared PostgreSQL and Redis with a database of its own,
 * beside a simulated provider that is the platform {@code acme}. A new one for every test.
 *
 * <p>Defaults that tests want: background refresh off, generous limits, quick retries. All can be
 * overridden by {@link #with} and {@link #platform} before the test starts.
 */
@SuppressWarnings("NullAway.Init") // the fields are set before each test
public final class Service implements BeforeEachCallback, AfterEachCallback {

  public static final String ADMIN_KEY = "admin-key-of-the-scenarios-0123456789abcdef";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> platforms = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<ServiceProcess> processes = new CopyOnWriteArrayList<>();
  private boolean cuttable;
  private boolean asProcess;
  private TcpFaultProxy toPostgres;
  private TcpFaultProxy toRedis;
  private Vertx vertx;
  private SimulatedProvider provider;
  private Path folder;
  private String database;

  /**
   * A service with the platform {@code acme} as far as {@code conf/providers.yaml} would say it.
   */
  public Service() {
    platform("acme");
    acme("limits", "{concurrency: 50, per_second: 1000}");
    with("refresh.background", "false");
    with("refresh.retry_backoff", "20ms");
  }

  /** Sets a key of the node's configuration. */
  public Service with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /**
   * Sets a key of the platform {@code acme}, as YAML, in which {@code {provider}} stands for the
   * simulated provider's address.
   */
  public Service acme(String key, String yaml) {
    return platform("acme", key, yaml);
  }

  public Service platform(String name) {
    platforms.computeIfAbsent(name, n -> new LinkedHashMap<>());
    return this;
  }

  public Service platform(String name, String key, String yaml) {
    platforms.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(key, yaml);
    return this;
  }

  /** Puts something that can be cut or stalled before its PostgreSQL and its Redis. */
  public Service cuttable() {
    cuttable = true;
    return this;
  }

  /** Starts no node in this JVM: the test starts {@link #process}es. */
  public Service asProcess() {
    asProcess = true;
    return this;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    vertx = Vertx.vertx();
    provider = within(SimulatedProvider.start(vertx));
    folder = Scratch.folder("scenario-" + NUMBER.incrementAndGet());
    database = settings.getOrDefault("postgres.uri", "");
    if (database.isEmpty()) {
      database = SharedServers.freshDatabase();
    }
    if (cuttable) {
      toPostgres = TcpFaultProxy.to(database);
      toRedis = TcpFaultProxy.to(redis());
    }
    if (!asProcess) {
      start();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (cuttable) {
      toPostgres.restore();
      toRedis.restore();
    }
    nodes.forEach(node -> within(node.stop()));
    processes.forEach(ServiceProcess::close);
    if (cuttable) {
      toPostgres.close();
      toRedis.close();
    }
    within(provider.close());
    within(vertx.close());
  }

  /**
   * Starts another node on the same PostgreSQL and Redis; not clustered: they share only the
   * storage.
   */
  public Node start() {
    Node node = started(nodes.size());
    nodes.add(node);
    return node;
  }

  /**
   * Stops the first node of this JVM and starts it again over its data folder, with what {@link
   * #platform} says by now.
   */
  public Node restart() {
    within(nodes.get(0).stop());
    Node node = started(0);
    nodes.set(0, node);
    return node;
  }

  private Node started(int number) {
    Map<String, String> environment = Map.of("EVERTOKEN_ADMIN_KEY", ADMIN_KEY);
    return within(Node.start(SettingsLoader.of(configuration(number), environment).settings()));
  }

  /** The data folder of a node of this JVM. */
  public Path data(int number) {
    return folder.resolve("data-" + number);
  }

  /** Starts a node as a JVM of its own; from then on {@link #talk} is with it. */
  public ServiceProcess process(UnaryOperator<ServiceProcess.Plan> change) {
    ServiceProcess.Plan plan = plan(processes.size());
    // Not the silence of the tests, but the log as it is in service.
    Path logging = Path.of("conf", "logback.xml").toAbsolutePath();
    plan = plan.jvm(List.of("-Dlogback.configurationFile=" + logging));
    ServiceProcess process = ServiceProcess.start(change.apply(plan));
    processes.add(process);
    return process.awaitReady(Duration.ofSeconds(60));
  }

  /**
   * Starts a node as a JVM of its own over the data folder of that number, beside those of this
   * one; {@link #talk(ServiceProcess)} is with it.
   *
   * @param failPoint as {@code ArmedFailPoints} reads it, or null
   */
  public ServiceProcess process(int number, @Nullable String failPoint) {
    ServiceProcess.Plan plan = plan(number);
    if (failPoint != null) {
      plan = plan.jvm(List.of("-Devertoken.failpoint=" + failPoint));
    }
    ServiceProcess process = ServiceProcess.start(plan);
    processes.add(process);
    return process.awaitReady(Duration.ofMinutes(1));
  }

  private ServiceProcess.Plan plan(int number) {
    ServiceProcess.Plan plan =
        ServiceProcess.Plan.in(folder.resolve("process-" + number))
            .with("EVERTOKEN_ADMIN_KEY", ADMIN_KEY);
    for (Map.Entry<String, String> setting : configuration(number).entrySet()) {
      if (!setting.getKey().equals("http.port")) {
        String name = setting.getKey().toUpperCase(Locale.ROOT).replace('.', '_');
        plan = plan.with("EVERTOKEN_" + name, setting.getValue());
      }
    }
    return plan;
  }

  public Talk talk(ServiceProcess process) {
    return new Talk(URI.create(process.url()).getPort(), ADMIN_KEY);
  }

  private Map<String, String> configuration(int number) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("http.port", "0");
    all.put("data.dir", data(number).toString());
    all.put("encryption.keyset_file", keyset().toString());
    all.put("providers_file", providersFile().toString());
    all.put("postgres.uri", cuttable ? toPostgres.through(database) : database);
    all.putAll(settings);
    all.put("redis.uri", cuttable ? toRedis.through(redis()) : redis());
    return all;
  }

  private String redis() {
    return settings.getOrDefault("redis.uri", SharedServers.redis().uri());
  }

  /** What stands before PostgreSQL, where the service is {@link #cuttable}. */
  public TcpFaultProxy toPostgres() {
    return toPostgres;
  }

  /** What stands before Redis, where the service is {@link #cuttable}. */
  public TcpFaultProxy toRedis() {
    return toRedis;
  }

  /** That node of this JVM. */
  public Node node(int number) {
    return nodes.get(number);
  }

  public SimulatedProvider provider() {
    return provider;
  }

  public Vertx vertx() {
    return vertx;
  }

  public Path folder() {
    return folder;
  }

  /** The address of the database. */
  public String database() {
    return database;
  }

  /** Talks to the first node with the admin key. */
  public Talk talk() {
    return talk(0);
  }

  public Talk talk(int node) {
    int port =
        node < nodes.size()
            ? nodes.get(node).httpPort()
            : URI.create(processes.get(node).url()).getPort();
    return new Talk(port, ADMIN_KEY);
  }

  /** How many token calls the provider has seen. */
  public long calls() {
    return provider.ledger().calls(Endpoint.TOKEN);
  }

  /**
   * An account of {@code acme} with the refresh token of a new family and no access token; its id.
   */
  public long account(NewFamily family) {
    return account(family, body -> {});
  }

  /** An account of {@code acme} whose access token has that long left. */
  public long account(NewFamily family, Duration left) {
    return account(
        family,
        body ->
            body.getJsonObject("credentials")
                .put("access_token", family.accessToken().value())
                .put("expires_at", Instant.now().plus(left).toString()));
  }

  /** An account of {@code acme}, its creation body changed as told; its id. */
  public long account(NewFamily family, Consumer<JsonObject> change) {
    JsonObject body =
        new JsonObject()
            .put("name", "account-" + family.id())
            .put("platform", "acme")
            .put("type", "oauth")
            .put("credentials", new JsonObject().put("refresh_token", family.refreshToken()));
    change.accept(body);
    return created(body);
  }

  /** A static-key account of {@code acme}; its id. */
  public long staticAccount(String key) {
    return created(
        new JsonObject()
            .put("name", "static")
            .put("platform", "acme")
            .put("type", "upstream")
            .put("credentials", new JsonObject().put("api_key", key)));
  }

  private long created(JsonObject body) {
    Answer created = talk().post("/v1/accounts", body);
    if (created.status() != 201) {
      throw new AssertionError("not created: " + created.status() + " " + created.body());
    }
    return created.json().getLong("id");
  }

  private Path keyset() {
    Path file = folder.resolve("keyset.json");
    if (!Files.exists(file)) {
      write(file, Keyset.generate().json().reveal());
    }
    return file;
  }

  private Path providersFile() {
    StringBuilder yaml = new StringBuilder("providers:\n");
    platforms.forEach(
        (name, keys) -> {
          yaml.append("  ").append(name).append(":\n");
          Map<String, String> all = new LinkedHashMap<>();
          all.put("token_url", provider.url(Endpoint.TOKEN));
          all.put("client_id", ProviderClients.DEFAULT_ID);
          all.put("client_secret", ProviderClients.DEFAULT_SECRET);
          all.putAll(keys);
          all.forEach(
              (key, value) ->
                  yaml.append("    ")
                      .append(key)
                      .append(": ")
                      .append(value.replace("{provider}", provider.url()))
                      .append('\n'));
        });
    Path file = folder.resolve("providers.yaml");
    write(file, yaml.toString());
    return file;
  }

  private static <T> T within(Future<T> work) {
    try {
      return work.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("not within a minute", late);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      // A process that starts meanwhile must not find half of it.
      if (!Files.exists(file) || !Files.readString(file).equals(text)) {
        Files.writeString(file, text);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
