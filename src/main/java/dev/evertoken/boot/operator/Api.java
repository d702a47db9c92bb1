package dev.evertoken.boot.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API of a running service, asked one thing after the other. What it refuses, and what
 * does not reach it, is a {@link Refusal}.
 */
final class Api {

  static final String JSON = "application/json";

  /** Above everything the service itself waits for. */
  static final Duration USUAL = Duration.ofMinutes(1);

  /** For calls that work through many accounts. */
  static final Duration LONG = Duration.ofMinutes(15);

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final String url;
  private final Supplier<Secret> key;
  private final HttpClient client;

  /**
   * An API at that address.
   *
   * @param url without a slash at its end
   * @param key asked for where a call needs one
   */
  Api(String url, Supplier<Secret> key, SSLContext tls) {
    this.url = url;
    this.key = key;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .sslContext(tls)
            .build();
  }

  String url() {
    return url;
  }

  Answer get(String path) {
    return send("GET", path, null);
  }

  Answer delete(String path) {
    return send("DELETE", path, null);
  }

  Answer send(String method, String path, @Nullable JsonNode body) {
    return body == null
        ? send(request(path).timeout(USUAL).method(method, BodyPublishers.noBody()))
        : send(method, path, body.toString(), JSON, USUAL);
  }

  Answer send(String method, String path, String body, String type, Duration patience) {
    return send(
        request(path)
            .timeout(patience)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body)));
  }

  private Answer send(HttpRequest.Builder request) {
    HttpResponse<String> response = exchange(request.build(), BodyHandlers.ofString());
    JsonNode json = Json.read(response.body());
    if (response.statusCode() >= 300) {
      throw Problems.of(url, response.statusCode(), json);
    }
    if (json.isMissingNode() && !response.body().isBlank()) {
      throw Problems.of(url, response.statusCode(), json);
    }
    return new Answer(response.body(), json);
  }

  /** The body as it comes, for as long as it comes. */
  InputStream stream(HttpRequest.Builder request) {
    HttpResponse<InputStream> response = exchange(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      String text = new String(body.readNBytes(100_000), UTF_8);
      throw Problems.of(url, response.statusCode(), Json.read(text));
    } catch (IOException e) {
      throw Problems.unreachable(url, e);
    }
  }

  /** A request with the key, still without method. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Authorization", "Bearer " + key.get().reveal());
  }

  /** Readiness, which needs no key and is an answer also where it is not ready. */
  HttpResponse<String> readiness() {
    return exchange(
        HttpRequest.newBuilder(URI.create(url + "/health/ready")).timeout(CONNECT).build(),
        BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw Problems.unreachable(url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal(Exit.FAILED, "interrupted");
    }
  }
}
