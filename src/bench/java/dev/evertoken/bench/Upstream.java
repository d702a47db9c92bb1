package dev.evertoken.bench;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.dev.SimulatedProviderMain;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The simulated provider as a JVM of its own, so that it takes nothing of a node's. */
final class Upstream implements AutoCloseable {

  private static final Pattern URL = Pattern.compile("Simulated provider at (http://\\S+)");

  /** Enough for a thousand calls a second more than the calls measured need. */
  private static final int CONNECTIONS = 256;

  private final Process process;
  private final String url;
  private final HttpClient http = HttpClient.newHttpClient();

  private Upstream(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static Upstream start(Path log) throws Exception {
    Process process = Stand.java(log, SimulatedProviderMain.class.getName());
    for (int i = 0; i < 600; i++) {
      Matcher told = URL.matcher(Files.readString(log));
      if (told.find()) {
        return new Upstream(process, told.group(1));
      }
      Thread.sleep(100);
    }
    process.destroyForcibly();
    throw new IllegalStateException("The provider did not start:\n" + Files.readString(log));
  }

  String tokenUrl() {
    return url + Endpoint.TOKEN.path();
  }

  /** A new grant: {@code family}, {@code refresh_token}, {@code access_token}. */
  JsonObject family() throws Exception {
    return new JsonObject(post("/_family", new JsonObject().put("prefix", "bench")));
  }

  /** How long it takes over each token call from now on. */
  void delay(Duration delay) throws Exception {
    post("/_control", new JsonObject().put("delay_ms", delay.toMillis()));
  }

  /** How often refresh tokens of a family were presented. */
  int presentations(String family) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/_ledger?family=" + family)).build();
    return new JsonObject(text(request))
        .getJsonArray("families")
        .getJsonObject(0)
        .getJsonArray("presentations")
        .size();
  }

  /** Token calls a second that it answers at the most, with its delay. */
  double callsPerSecond(Duration time, Path folder) throws Exception {
    JsonObject family = family();
    post(
        "/_control",
        new JsonObject().put("family", family.getString("family")).put("rotation", "none"));
    String form =
        "grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s"
            .formatted(
                ProviderClients.DEFAULT_ID,
                ProviderClients.DEFAULT_SECRET,
                URLEncoder.encode(family.getString("refresh_token"), StandardCharsets.UTF_8));
    return Wrk.posts(tokenUrl(), form, CONNECTIONS, time, folder).perSecond();
  }

  private String post(String path, JsonObject body) throws Exception {
    return text(
        HttpRequest.newBuilder(URI.create(url + path))
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build());
  }

  private String text(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException("The provider said " + answer.statusCode() + answer.body());
    }
    return answer.body();
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.destroyForcibly();
  }
}
