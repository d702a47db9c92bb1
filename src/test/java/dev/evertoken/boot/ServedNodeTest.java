package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.KeysetFile;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.ServiceProcess.Plan;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as {@code java -jar} runs it: a process with embedded servers. */
final class ServedNodeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private SimulatedProvider provider;
  private Plan plan;

  @BeforeEach
  void aProvider() throws IOException {
    provider = SimulatedProvider.start(vertx).await();
    Path providers =
        Files.writeString(
            folder.resolve("my-providers.yaml"),
            "providers: {acme: {token_url: '%s', client_id: %s, client_secret: '${ACME_SECRET}'}}"
                .formatted(provider.url(Endpoint.TOKEN), ProviderClients.DEFAULT_ID));
    plan =
        Plan.in(folder)
            .with("EVERTOKEN_PROVIDERS_FILE", providers.toString())
            .with("ACME_SECRET", ProviderClients.DEFAULT_SECRET);
  }

  @AfterEach
  void stopTheProvider() {
    vertx.close().await();
  }

  @Test
  void keepsAccountsThroughKill9AndEndsWith0WhenToldTo() throws Exception {
    NewFamily family = provider.newFamily();
    try (ServiceProcess service = ServiceProcess.start(plan).awaitReady(PATIENCE)) {
      JsonObject account =
          new JsonObject()
              .put("name", "blue")
              .put("platform", "acme")
              .put("type", "oauth")
              .put("credentials", new JsonObject().put("refresh_token", family.refreshToken()));
      assertThat(call(service, "POST", "/v1/accounts", account).statusCode()).isEqualTo(201);
      assertThat(token(service)).isEqualTo(provider.ledger().accessTokens().getLast().value());
      service.kill9();
    }

    try (ServiceProcess again = ServiceProcess.start(plan).awaitReady(PATIENCE)) {
      assertThat(token(again)).isEqualTo(provider.ledger().accessTokens().getLast().value());
      assertThat(provider.ledger().reuses()).isEmpty();

      again.sigterm();

      assertThat(again.exitCode(PATIENCE)).isZero();
      assertThat(again.log())
          .contains("\"event\":\"draining\"", "\"event\":\"stopped\"")
          .doesNotContain(adminKey(), ProviderClients.DEFAULT_SECRET, family.refreshToken());
    }
  }

  @Test
  void refusesADataFolderThatAnotherProcessHas() {
    try (ServiceProcess first = ServiceProcess.start(plan).awaitReady(PATIENCE);
        ServiceProcess second =
            ServiceProcess.start(
                new Plan(
                        folder.resolve("second"),
                        plan.environment(),
                        plan.arguments(),
                        plan.jvmOptions())
                    .with("EVERTOKEN_DATA_DIR", folder.resolve("data").toString()))) {
      assertThat(second.exitCode(PATIENCE)).isEqualTo(2);
      assertThat(second.log())
          .contains("belongs to another running process (pid " + first.pid() + ")");
      assertThat(first.isAlive()).isTrue();
    }
  }

  @Test
  void noticesAChangedKeysetFileWhileItServes() throws IOException {
    try (ServiceProcess service = ServiceProcess.start(plan).awaitReady(PATIENCE)) {
      KeysetFile file = new KeysetFile(folder.resolve("data/keyset.json"));

      file.write(file.read().rotated().promoted());

      service.awaitLine("\"event\":\"keyset_changed\"", Duration.ofSeconds(20));
      Files.writeString(file.path(), "garbage");
      service.awaitLine("\"event\":\"keyset_refused\"", Duration.ofSeconds(20));
      assertThat(service.isAlive()).isTrue();
    }
  }

  private String token(ServiceProcess service) throws Exception {
    HttpResponse<String> answer = call(service, "GET", "/v1/accounts/1/token", null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getString("access_token");
  }

  private HttpResponse<String> call(
      ServiceProcess service, String method, String path, @Nullable JsonObject body)
      throws Exception {
    HttpRequest.BodyPublisher content =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.encode());
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(service.url() + path))
              .header("Authorization", "Bearer " + adminKey())
              .header("Content-Type", "application/json")
              .method(method, content)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private String adminKey() throws IOException {
    return Files.readString(folder.resolve("data/admin.key")).strip();
  }
}
