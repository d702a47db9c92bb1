import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.dev.SimulatedProvider;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The servers, the provider in this JVM, the nodes, and calls of them. */
final class Fleet implements AutoCloseable {

  private static final String KEY = "key-of-the-bench-0123456789-0123456789";
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private final Path folder = Files.createTempDirectory("nights");
  private final Vertx vertx = Vertx.vertx();
  private final LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"));
  private final LocalRedis redis = LocalRedis.start(folder.resolve("redis"));
  private final SimulatedProvider provider = SimulatedProvider.start(vertx).await();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Process> nodes = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final int hazelcast = freePort();

  Fleet(String limits) throws Exception {
    Files.writeString(folder.resolve("keyset.json"), Keyset.generate().json().reveal());
    Files.writeString(
        folder.resolve("providers.yaml"),
        """
        providers:
          bench:
            token_url: %s
            client_id: %s
            client_secret: %s
            limits: %s
        """
            .formatted(
                provider.url(Endpoint.TOKEN),
                ProviderClients.DEFAULT_ID,
                ProviderClients.DEFAULT_SECRET,
                limits));
    Files.writeString(
        folder.resolve("hazelcast.yaml"),
        Files.readString(Path.of("conf/hazelcast.yaml"))
            .replace("cluster-name: evertoken", "cluster-name: bench-" + hazelcast)
            .replace("port: 5701", "port: " + hazelcast)
            .replace("member-list: [127.0.0.1]", "member-list: [\"127.0.0.1:" + hazelcast + "\"]"));
  }

  SimulatedProvider provider() {
    return provider;
  }

  void stop(int node) throws InterruptedException {
    nodes.get(node).destroy();
    nodes.get(node).waitFor();
  }

  /** What PostgreSQL commits a second from as many connections as a node has. */
  double commitsPerSecond() throws Exception {
    String[] parts = postgres.uri().substring("postgresql://".length()).split("[:@/]", -1);
    String url = "jdbc:postgresql://127.0.0.1:" + parts[3] + "/" + parts[4];
    try (var connection = DriverManager.getConnection(url, parts[0], parts[1]);
        var statement = connection.createStatement()) {
      statement.execute("create table bench_commits (id int primary key, n int)");
      statement.execute("insert into bench_commits select i, 0 from generate_series(1, 8000) i");
    }
    AtomicLong done = new AtomicLong();
    long end = System.nanoTime() + WARM_UP.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(Thread.ofPlatform().start(() -> commit(url, parts, end, done)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return done.get() / (double) WARM_UP.toSeconds();
  }

  private static void commit(String url, String[] parts, long end, AtomicLong done) {
    try (var connection = DriverManager.getConnection(url, parts[0], parts[1]);
        var update =
            connection.prepareStatement("update bench_commits set n = n + 1 where id = ?")) {
      Random random = new Random();
      while (System.nanoTime() < end) {
        update.setInt(1, 1 + random.nextInt(8000));
        update.executeUpdate();
        done.incrementAndGet();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  interface Asked {
    HttpRequest of(int number);
  }

  /** The sorted times in ms of that many calls, so many at once; all must succeed. */
  double[] times(int atOnce, int count, Asked asked) throws Exception {
    double[] times = new double[count];
    Semaphore room = new Semaphore(atOnce);
    AtomicLong failed = new AtomicLong();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      room.acquire();
      long begun = System.nanoTime();
      all.add(
          send(asked.of(i))
              .whenComplete(
                  (answer, failure) -> {
                    times[number] = (System.nanoTime() - begun) / 1e6;
                    room.release();
                    if (failure != null || answer.statusCode() != 200) {
                      failed.incrementAndGet();
                    }
                  }));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).exceptionally(e -> null).join();
    if (failed.get() > 0) {
      System.out.println(failed.get() + " calls failed");
    }
    Arrays.sort(times);
    return times;
  }

  static double at(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  List<Long> accounts(int count, String more, Duration left) throws Exception {
    Long[] ids = new Long[count];
    Semaphore room = new Semaphore(4);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      room.acquire();
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    ids[number] = account(provider.newFamily(), more, left);
                    room.release();
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return List.of(ids);
  }

  long account(NewFamily family, String more, Duration left) {
    String body =
        """
        {"name":"%s","platform":"bench","type":"oauth"%s,"credentials":
          {"refresh_token":"%s","access_token":"%s","expires_at":"%s"}}
        """
            .formatted(
                family.id(),
                more,
                family.refreshToken(),
                family.accessToken().value(),
                Instant.now().plus(left));
    HttpResponse<String> created;
    do {
      // On a machine that is too busy PostgreSQL may seem away for a moment.
      created = send(request(0, "POST", "/v1/accounts", body)).join();
    } while (created.statusCode() >= 500);
    JsonObject account = new JsonObject(created.body());
    // A repeated creation may meet the first one, whose answer alone was lost.
    return account.getLong("id", account.getLong("account"));
  }

  static String token(long id) {
    return "/v1/accounts/" + id + "/token";
  }

  JsonObject call(int node, String method, String path, String body) {
    HttpResponse<String> answer = send(request(node, method, path, body)).join();
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
  }

  HttpRequest request(int node, String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(node) + path))
        .timeout(Duration.ofMinutes(1))
        .header("Authorization", "Bearer " + KEY)
        .header("Content-Type", "application/json")
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }

  CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  /** Starts a node, answers its number once it is ready. */
  int start(boolean background, boolean clustered) throws Exception {
    int number = nodes.size();
    int port = freePort();
    Path home = Files.createDirectories(folder.resolve("node-" + number));
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.evertoken.boot.Main");
    Map<String, String> settings = new HashMap<>();
    settings.put("HTTP_PORT", Integer.toString(port));
    settings.put("DATA_DIR", home.toString());
    settings.put("POSTGRES_URI", postgres.uri());
    settings.put("REDIS_URI", redis.uri());
    settings.put("ENCRYPTION_KEYSET_FILE", folder.resolve("keyset.json").toString());
    settings.put("PROVIDERS_FILE", folder.resolve("providers.yaml").toString());
    settings.put("ADMIN_KEY", KEY);
    settings.put("REFRESH_BACKGROUND", Boolean.toString(background));
    settings.put("CLUSTER_ENABLED", Boolean.toString(clustered));
    settings.put("CLUSTER_HAZELCAST_CONFIG", folder.resolve("hazelcast.yaml").toString());
    settings.put("LOG_LEVEL", "warn");
    settings.forEach((name, value) -> builder.environment().put("EVERTOKEN_" + name, value));
    nodes.add(
        builder
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start());
    ports.add(port);
    while (!ready(number)) {
      if (!nodes.get(number).isAlive()) {
        throw new IllegalStateException(Files.readString(home.resolve("log")));
      }
      Thread.sleep(200);
    }
    return number;
  }

  private boolean ready(int node) {
    try {
      return send(request(node, "GET", "/health/ready", null)).join().statusCode() == 200;
    } catch (java.util.concurrent.CompletionException refused) {
      return false;
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws Exception {
    nodes.forEach(Process::destroyForcibly);
    redis.close();
    postgres.close();
  }
}
