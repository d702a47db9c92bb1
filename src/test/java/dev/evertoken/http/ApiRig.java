package dev.evertoken.http;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.adapter.postgres.DatabaseLimits;
import dev.evertoken.adapter.postgres.Postgres;
import dev.evertoken.adapter.postgres.PostgresAddress;
import dev.evertoken.adapter.vertx.VertxBreakers;
import dev.evertoken.adapter.vertx.VertxScheduler;
import dev.evertoken.app.Administration;
import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.app.Core;
import dev.evertoken.app.CorePorts;
import dev.evertoken.app.CoreSettings;
import dev.evertoken.app.PoolSettings;
import dev.evertoken.app.refresh.RefreshSettings;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.FailPoints;
import dev.evertoken.port.KeyStore.NewKey;
import dev.evertoken.port.Time;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.PlatformDraft;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The whole API over a real PostgreSQL, with a scripted provider and without Redis. */
final class ApiRig implements AutoCloseable {

  static final Secret ADMIN_KEY = Secret.of("canary-admin-key-0123456789abcdef");

  /** One answer. */
  record Answer(int status, JsonObject json, HttpResponse<String> response) {

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    String code() {
      return json.getString("code", "");
    }
  }

  final ScriptedProvider provider = new ScriptedProvider();
  final QuietPorts ports = new QuietPorts();
  final Time time = new RealTime();
  final Services services;
  final HttpApi api;
  final int port;
  private final Vertx vertx = Vertx.vertx();
  private final String database = SharedServers.freshDatabase();
  private final Postgres stores;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * Starts it.
   *
   * @param platforms beside {@code sample} and {@code other}
   */
  ApiRig(String... platforms) {
    stores =
        get(
            Postgres.open(
                vertx,
                PostgresAddress.parse(Secret.of(database)),
                DatabaseLimits.of(8),
                new TinkSealer(Keyset.generate()),
                "node-1",
                time));
    CallerAuthentication callers =
        new CallerAuthentication(stores.keys(), ADMIN_KEY, time, Duration.ofMinutes(5));
    CorePorts corePorts = corePorts(platforms);
    Core core =
        Core.of(
            corePorts,
            new CoreSettings(
                new RefreshSettings(
                    1, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(10)),
                new PoolSettings(Duration.ofSeconds(2), 3),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                1000,
                Duration.ofMinutes(5)));
    services =
        new Services(
            core,
            Administration.of(core, corePorts, stores.keys(), stores.auditLog(), callers),
            callers,
            new Ready(),
            () -> Future.succeededFuture("evertoken_sample 1\n"),
            time);
    api = new HttpApi(new HttpSettings("127.0.0.1", 0, null), services);
    port = get(api.listen(vertx)).actualPort();
  }

  private CorePorts corePorts(String... platforms) {
    Platform sample =
        new PlatformDraft().revocationUrl(URI.create("http://127.0.0.1:1/revoke")).platform();
    Map<String, Platform> byName = new HashMap<>(Map.of("sample", sample, "other", sample));
    for (String name : platforms) {
      byName.put(name, sample);
    }
    return new CorePorts(
        new VertxScheduler(vertx),
        new Platforms(byName),
        stores.accounts(),
        stores.benches(),
        stores.claims(),
        stores.routes(),
        stores.clients(),
        stores.proxies(),
        stores.pools(),
        (proxy, targets) -> Future.succeededFuture(List.of()),
        stores.changes(),
        ports,
        ports,
        provider,
        (platform, proxy, token) -> Future.succeededFuture(Optional.empty()),
        new VertxBreakers(vertx, time),
        ports,
        stores.events(),
        ports,
        stores.tidying(Duration.ofDays(90)),
        stores.sealed(),
        ports,
        ports,
        FailPoints.NONE,
        time);
  }

  Answer get(String path) {
    return call("GET", path, null);
  }

  Answer post(String path, String body) {
    return call("POST", path, body);
  }

  Answer call(String method, String path, @Nullable String body) {
    return callAs(ADMIN_KEY, method, path, body);
  }

  Answer postBytes(String path, byte[] body) {
    return send(ADMIN_KEY, "POST", path, BodyPublishers.ofByteArray(body));
  }

  Answer callAs(Secret key, String method, String path, @Nullable String body, String... headers) {
    return send(
        key,
        method,
        path,
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
        headers);
  }

  private Answer send(
      Secret key, String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + key.reveal())
            .method(method, body);
    if (body.contentLength() != 0 && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      String type = response.headers().firstValue("content-type").orElse("");
      boolean json = response.body().startsWith("{") && !type.endsWith("ndjson");
      return new Answer(
          response.statusCode(),
          json ? new JsonObject(response.body()) : new JsonObject(),
          response);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Creates an account of the platform {@code sample} and answers its id. */
  long account(String name, String credentials) {
    Answer created =
        post(
            "/v1/accounts",
            """
            {"name": "%s", "platform": "sample", "credentials": %s}
            """
                .formatted(name, credentials));
    if (created.status() != 201) {
      throw new AssertionError(created.response().body());
    }
    return created.json().getLong("id");
  }

  /** An account with a token that is good for 40 minutes. */
  long healthy(String name) {
    return account(
        name,
        """
        {"refresh_token": "canary-rt-of-%s", "access_token": "canary-at-of-%s", "expires_at": %d}
        """
            .formatted(name, name, time.instant().plusSeconds(2400).getEpochSecond()));
  }

  /** A key that is limited to pools and accounts. */
  Secret key(Set<Scope> scopes, Set<String> pools, Set<Long> accounts) {
    return get(stores.keys().create(new NewKey("limited", scopes, pools, accounts, null, null)))
        .secret();
  }

  /** A connection beside the service. */
  Connection connect() throws SQLException {
    return Jdbc.connect(database);
  }

  /** Changes rows beside the service. */
  void sql(String statement) {
    try (Connection connection = connect();
        Statement run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
    get(stores.close());
    get(vertx.close());
  }

  private static final class Ready implements Readiness {

    @Override
    public Phase phase() {
      return Phase.SERVING;
    }

    @Override
    public List<String> missing() {
      return List.of("redis");
    }
  }

  private static final class RealTime implements Time {

    @Override
    public Instant instant() {
      return Instant.now();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }
}
