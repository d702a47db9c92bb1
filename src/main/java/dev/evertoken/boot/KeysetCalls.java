package dev.evertoken.boot;

import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.domain.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What an operator asks a running service of its keyset: the one at {@code EVERTOKEN_URL}, with
 * {@code EVERTOKEN_API_KEY}, else the one of the settings with its admin key.
 */
final class KeysetCalls implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final int TRIES = 60;
  private static final int MOST_SWEEPS = 5;
  private static final int PAGE = 500;

  /** Of what passes by itself: a node that has not read the file yet, a server that is away. */
  private static final Set<Integer> PASSING = Set.of(409, 429, 503);

  private final String url;
  private final Secret key;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private KeysetCalls(String url, Secret key) {
    this.url = url;
    this.key = key;
  }

  static KeysetCalls of(Supplier<Settings> settings, Map<String, String> environment)
      throws IOException {
    String url = environment.getOrDefault("EVERTOKEN_URL", "").strip().replaceAll("/+$", "");
    String given = environment.getOrDefault("EVERTOKEN_API_KEY", "").strip();
    return new KeysetCalls(
        url.isEmpty() ? url(settings.get().http()) : url,
        given.isEmpty() ? adminKey(settings.get()) : Secret.of(given));
  }

  private static String url(Settings.Http http) {
    return "%s://%s:%d".formatted(http.tls() == null ? "http" : "https", http.host(), http.port());
  }

  private static Secret adminKey(Settings settings) throws IOException {
    Secret given = settings.adminKey();
    var file = settings.dataDir().resolve("admin.key");
    if (given == null && !Files.exists(file)) {
      throw new BadSettings(
          List.of("EVERTOKEN_API_KEY: is missing (and there is no " + file + ")"));
    }
    return given == null ? AdminKey.read(file) : given;
  }

  /**
   * What a rewrap came to.
   *
   * @param left in PostgreSQL
   * @param escrowLeft on the disks of the nodes that live
   */
  record Outcome(String primaryKey, long postgres, long redis, long left, long escrowLeft) {

    boolean complete() {
      return left == 0 && escrowLeft == 0;
    }

    private Outcome and(JsonObject page) {
      JsonObject resealed = page.getJsonObject("resealed");
      return new Outcome(
          page.getString("primary_key"),
          postgres + resealed.getLong("postgres"),
          redis + resealed.getLong("redis"),
          left + page.getLong("left"),
          escrowLeft);
    }
  }

  /** Sweeps until a sweep has found nothing under another key. */
  Outcome rewrap() throws IOException, InterruptedException {
    Outcome all = new Outcome("", 0, 0, 0, 0);
    for (int i = 0; i < MOST_SWEEPS; i++) {
      Outcome sweep = sweep();
      all =
          new Outcome(
              sweep.primaryKey,
              all.postgres + sweep.postgres,
              all.redis + sweep.redis,
              sweep.left,
              0);
      if (sweep.postgres + sweep.redis == 0) {
        break;
      }
    }
    return new Outcome(all.primaryKey, all.postgres, all.redis, all.left, escrowLeft());
  }

  private Outcome sweep() throws IOException, InterruptedException {
    Outcome sweep = new Outcome("", 0, 0, 0, 0);
    String cursor = "0";
    while (cursor != null) {
      JsonObject page =
          answer("POST", "/v1/keyset/rewrap?limit=" + PAGE + "&cursor=" + cursor, TRIES);
      sweep = sweep.and(page);
      cursor = page.getString("next_cursor");
    }
    return sweep;
  }

  /** The keys of every node. */
  JsonObject overview() throws IOException, InterruptedException {
    return answer("GET", "/v1/keyset", 1);
  }

  private long escrowLeft() throws IOException, InterruptedException {
    JsonArray nodes = overview().getJsonArray("nodes");
    return nodes.stream().mapToLong(node -> ((JsonObject) node).getLong("escrow_left", 0L)).sum();
  }

  private JsonObject answer(String method, String path, int tries)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + key.reveal())
            .method(method, BodyPublishers.noBody())
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    for (int i = 1; i < tries && PASSING.contains(response.statusCode()); i++) {
      Thread.sleep(BETWEEN_TRIES);
      response = client.send(request, BodyHandlers.ofString());
    }
    if (response.statusCode() != 200) {
      throw new BadSettings(List.of(url + path + ": " + said(response)));
    }
    return new JsonObject(response.body());
  }

  private static String said(HttpResponse<String> response) {
    try {
      return response.statusCode() + " " + new JsonObject(response.body()).getString("detail");
    } catch (RuntimeException e) {
      return response.statusCode() + ", which is no answer of Evertoken";
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
