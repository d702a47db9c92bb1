package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.Gate;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A whole node with the template keys that speak of the ends of tokens. */
final class RefreshTokenEndsTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .with("refresh.background", "true")
          .acme("refresh_token_max_age", "90d")
          .acme("refresh_token_idle", "30d")
          .acme("report_max", "1h")
          .acme("refresh", "{on_lock_held: use_existing, request_timeout: 8s}");

  private static Consumer<JsonObject> ending(Duration left) {
    String end = Instant.now().plus(left).toString();
    return body -> body.getJsonObject("credentials").put("refresh_token_expires_at", end);
  }

  private JsonObject shown(long id) {
    return service.talk().get("/v1/accounts/" + id).json();
  }

  private Duration left(long id) {
    return Duration.between(Instant.now(), shown(id).getInstant("refresh_token_expires_at"));
  }

  private static boolean near(Duration left, int days) {
    return left.minusDays(days).abs().compareTo(Duration.ofHours(1)) < 0;
  }

  @Test
  void theEarliestKnownEndIsShownAndOnlyIdlenessIsPutOffByARefresh() {
    long idle = service.account(service.provider().newFamily());
    assertThat(left(idle)).matches(left -> near(left, 30));
    long said = service.account(service.provider().newFamily(), ending(Duration.ofDays(20)));
    assertThat(left(said)).matches(left -> near(left, 20));

    assertThat(service.talk().get("/v1/accounts/" + said + "/token").status()).isEqualTo(200);

    assertThat(left(said)).matches(left -> near(left, 20));
  }

  @Test
  void anEndThatIsNearIsToldOnceAndCounted() {
    try (Hearing all = service.talk().events("", "")) {
      long id = service.account(service.provider().newFamily(), ending(Duration.ofDays(6)));

      all.await("reauthorization_due", 1);
      assertThat(service.talk().post("/v1/accounts/" + id + "/refresh", null).status())
          .isEqualTo(200);
      all.await("refreshed", 1);
      service.account(service.provider().newFamily(), ending(Duration.ofHours(6)));
      all.await("reauthorization_due", 2);

      assertThat(all.await("reauthorization_due", 2).getFirst().data().getLong("account"))
          .isEqualTo(id);
      assertThat(all.await("reauthorization_due", 2).getFirst().data().getString("until"))
          .isEqualTo(shown(id).getString("refresh_token_expires_at"));
    }
    Await.until(
        "both are counted",
        () ->
            service
                .talk()
                .get("/metrics")
                .body()
                .contains(
                    "evertoken_refresh_tokens_expiring{platform=\"acme\",within=\"7d\"} 2"),
        Duration.ofSeconds(40));
  }

  @Test
  void aValidTokenIsAnsweredAtOnceWhileARefreshRuns() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(2));
    Gate gate = new Gate();
    service.provider().switches().fault(family.id(), Endpoint.TOKEN, Fault.held(gate).times(1));
    String token = "/v1/accounts/" + id + "/token";
    var first = CompletableFuture.supplyAsync(() -> service.talk().get(token));
    try {
      Await.until("the refresh is under way", () -> service.calls() == 1);

      Answer meanwhile = service.talk().get(token + "?max_wait_ms=30000");

      assertThat(meanwhile.json().getString("state")).isEqualTo("stale");
      assertThat(meanwhile.json().getJsonArray("warnings").getJsonObject(0).getString("code"))
          .isEqualTo("refresh_running");
      assertThat(meanwhile.json().getLong("generation")).isEqualTo(1);
    } finally {
      gate.open();
    }
    assertThat(first.join().status()).isEqualTo(200);
  }

  @Test
  void aReportMayAskForAsLongAsTheTemplateSays() {
    long id = service.account(service.provider().newFamily(), Duration.ofMinutes(40));

    Answer report =
        service
            .talk()
            .post(
                "/v1/accounts/" + id + "/reports",
                new JsonObject().put("generation", 1).put("status", 429).put("retry_after", 86400));

    assertThat(Duration.between(Instant.now(), report.json().getInstant("until")))
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
  }
}
