package dev.evertoken.dev;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A caller of the simulated provider. */
final class ProviderTalk implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final SimulatedProvider provider;

  ProviderTalk(SimulatedProvider provider) {
    this.provider = provider;
  }

  HttpResponse<String> refresh(String refreshToken) throws IOException, InterruptedException {
    return post(Endpoint.TOKEN, refreshForm(refreshToken), Map.of());
  }

  CompletableFuture<HttpResponse<String>> refreshing(String refreshToken) {
    HttpRequest request =
        request(provider.url(Endpoint.TOKEN), refreshForm(refreshToken), Map.of());
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  static Map<String, String> refreshForm(String refreshToken) {
    return Map.of(
        "grant_type",
        "refresh_token",
        "refresh_token",
        refreshToken,
        "client_id",
        ProviderClients.DEFAULT_ID,
        "client_secret",
        ProviderClients.DEFAULT_SECRET);
  }

  HttpResponse<String> post(
      Endpoint endpoint, Map<String, String> form, Map<String, String> headers)
      throws IOException, InterruptedException {
    return http.send(request(provider.url(endpoint), form, headers), BodyHandlers.ofString());
  }

  private static HttpRequest request(
      String url, Map<String, String> form, Map<String, String> headers) {
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return request.build();
  }

  HttpResponse<String> bearer(Endpoint endpoint, String accessToken)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(provider.url(endpoint)))
            .timeout(Duration.ofSeconds(20))
            .header("authorization", "Bearer " + accessToken)
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> json(String method, String path, JsonObject body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(provider.url() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  static String basic(String id, String secret) {
    byte[] pair = (encoded(id) + ":" + encoded(secret)).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
