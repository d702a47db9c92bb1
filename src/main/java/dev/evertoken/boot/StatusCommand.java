package dev.evertoken.boot;

import dev.evertoken.boot.settings.Settings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code status}: whether a running service serves, and what it has to do without. */
@Command(
    name = "status",
    description = "Whether the service at EVERTOKEN_URL serves; 1 where it does not.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @ParentCommand private EvertokenCommand parent = new EvertokenCommand();

  @Option(names = "--json", description = "For machines.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    String url = url();
    JsonObject answer = ask(url);
    PrintStream out = System.out;
    if (json) {
      out.println(answer.encode());
    } else {
      out.printf("%-8s  %s%n", "URL", url);
      out.printf("%-8s  %s%n", "STATUS", answer.getString("status"));
      out.printf("%-8s  %s%n", "MISSING", String.join(", ", missing(answer)));
    }
    return answer.getBoolean("ready", false) ? 0 : 1;
  }

  private String url() {
    String given = System.getenv("EVERTOKEN_URL");
    if (given != null && !given.isBlank()) {
      return given.strip().replaceAll("/+$", "");
    }
    Settings.Http http = parent.settings().settings().http();
    return "%s://%s:%d".formatted(http.tls() == null ? "http" : "https", http.host(), http.port());
  }

  private static JsonObject ask(String url) throws InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url + "/health/ready")).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString());
      return new JsonObject(response.body()).put("ready", response.statusCode() == 200);
    } catch (IOException | RuntimeException e) {
      return new JsonObject().put("status", "unreachable").put("ready", false);
    }
  }

  private static Iterable<String> missing(JsonObject answer) {
    return answer.getJsonArray("missing", new io.vertx.core.json.JsonArray()).stream()
        .map(String::valueOf)
        .toList();
  }
}
