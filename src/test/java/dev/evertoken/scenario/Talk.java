package dev.evertoken.scenario;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A caller of the HTTP API with one key. */
public final class Talk {

  /** One client for all tests: each has threads of its own. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final int port;
  private final String key;
  private final Duration patience;

  public Talk(int port, String key) {
    this(port, key, Duration.ofSeconds(60));
  }

  private Talk(int port, String key, Duration patience) {
    this.port = port;
    this.key = key;
    this.patience = patience;
  }

  /** The same, giving up after that long. */
  public Talk within(Duration longest) {
    return new Talk(port, key, longest);
  }

  public Talk as(String other) {
    return new Talk(port, other);
  }

  /** Asks for the account's token. */
  public Answer token(long account) {
    return token(account, "");
  }

  /** Asks for the account's token with options as a query, such as {@code min_ttl=60}. */
  public Answer token(long account, String query) {
    return get("/v1/accounts/" + account + "/token" + (query.isEmpty() ? "" : "?" + query));
  }

  public CompletableFuture<Answer> asking(long account) {
    return send(request("GET", "/v1/accounts/" + account + "/token", null));
  }

  public Answer pool(String pool, JsonObject options) {
    return post("/v1/token", options.copy().put("pool", pool));
  }

  public CompletableFuture<Answer> askingPool(String pool) {
    return send(request("POST", "/v1/token", new JsonObject().put("pool", pool)));
  }

  public Answer get(String path) {
    return now(request("GET", path, null));
  }

  public Answer post(String path, @Nullable JsonObject body) {
    return now(request("POST", path, body));
  }

  public CompletableFuture<Answer> posting(String path, @Nullable JsonObject body) {
    return send(request("POST", path, body));
  }

  public Answer put(String path, JsonObject body) {
    return now(request("PUT", path, body));
  }

  public Answer patch(String path, JsonObject body) {
    return now(request("PATCH", path, body));
  }

  public Answer delete(String path) {
    return now(request("DELETE", path, null));
  }

  /** Follows the events, from behind that one where it is not empty. */
  Hearing events(String query, String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(request("GET", "/v1/events" + query, null), (name, value) -> true);
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    return new Hearing(CLIENT.sendAsync(request.build(), BodyHandlers.ofInputStream()).join());
  }

  public JsonObject account(long id) {
    return get("/v1/accounts/" + id).json();
  }

  private HttpRequest request(String method, String path, @Nullable JsonObject body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(patience)
            .header("Authorization", "Bearer " + key);
    return body == null
        ? request.method(method, BodyPublishers.noBody()).build()
        : request
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body.encode()))
            .build();
  }

  private static Answer now(HttpRequest request) {
    long begun = System.nanoTime();
    try {
      return answer(CLIENT.send(request, BodyHandlers.ofString()), begun);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  private static CompletableFuture<Answer> send(HttpRequest request) {
    long begun = System.nanoTime();
    return CLIENT
        .sendAsync(request, BodyHandlers.ofString())
        .thenApply(response -> answer(response, begun));
  }

  private static Answer answer(HttpResponse<String> response, long begun) {
    return new Answer(
        response.statusCode(),
        response.body(),
        response,
        Duration.ofNanos(System.nanoTime() - begun));
  }
}
