package dev.evertoken.dev;

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
import org.jspecify.annotations.Nullable;

/** Calls the service as a person with {@code curl} would, and says the line. */
final class DemoCaller {

  record Answer(int status, String body) {

    JsonObject json() {
      return new JsonObject(body);
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String key;

  DemoCaller(String url, String key) {
    this.url = url;
    this.key = key;
  }

  String key() {
    return key;
  }

  Answer get(String path) {
    return send(request(path).GET().build());
  }

  Answer post(String path, JsonObject body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.encode()))
            .build());
  }

  String curl(String method, String path, @Nullable JsonObject body) {
    StringBuilder line = new StringBuilder("curl -s -H \"Authorization: Bearer $KEY\" ");
    if (body != null) {
      line.append("-H 'Content-Type: application/json' -d '").append(body.encode()).append("' ");
    } else if (!method.equals("GET")) {
      line.append("-X ").append(method).append(' ');
    }
    return line.append(url).append(path).toString();
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(Duration.ofSeconds(40))
        .header("Authorization", "Bearer " + key);
  }

  private Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
