package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.ExpiresIn;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProviderAnswersTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .platform("kind")
          .platform("kind", "rotation", "none")
          .platform("kind", "limits", "{concurrency: 50, per_second: 1000}");

  private void provider(Fault fault) {
    service.provider().switches().fault(Endpoint.TOKEN, fault);
  }

  private long kindAccount(NewFamily family) {
    return service.account(family, body -> body.put("platform", "kind"));
  }

  private JsonObject lastRefresh(long id) {
    return service.talk().account(id).getJsonObject("last_refresh");
  }

  @Test
  @DisplayName("12 a 200 with an empty access token leaves the good token as it was")
  void emptyToken() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(2));
    provider(Fault.json(200, "{\"access_token\":\"\",\"expires_in\":3600}"));

    Answer answer = service.talk().token(id);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.token()).isEqualTo(family.accessToken().value());
    assertThat(answer.text("state")).isEqualTo("stale");
    assertThat(lastRefresh(id).getString("class")).isEqualTo("unreadable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "0", "-5", "1e18", "\"soon\""})
  @DisplayName("13 an expires_in that makes no sense leads to no loop of refreshes")
  void absurdExpiresIn(String expiresIn) {
    service
        .provider()
        .switches()
        .change(
            b ->
                b.expiresIn(
                    expiresIn.equals("absent")
                        ? ExpiresIn.absent()
                        : ExpiresIn.literal(
                            new JsonObject("{\"v\":" + expiresIn + "}").getValue("v"))));
    long id = service.account(service.provider().newFamily());

    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      statuses.add(service.talk().token(id).status());
    }

    assertThat(service.calls()).isOne();
    boolean ended = expiresIn.equals("0") || expiresIn.equals("-5");
    assertThat(statuses).containsOnly(ended ? 503 : 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>login</html>", "{\"access_token\":", "[1,2]", ""})
  @DisplayName("14 a 200 that is not JSON is transient, and not permanent")
  void notJson(String body) {
    provider(Fault.reply(200, Map.of("content-type", "application/json"), body));
    long id = kindAccount(service.provider().newFamily());

    Answer answer = service.talk().token(id);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("refresh_failed");
    assertThat(service.talk().account(id).getString("status")).isEqualTo("active");
    assertThat(lastRefresh(id).getString("class")).isEqualTo("transient");
  }

  @Test
  @DisplayName("15 an answer without a refresh token keeps the old one")
  void keepsTheRefreshToken() {
    service
        .provider()
        .switches()
        .change(b -> b.rotation(dev.evertoken.dev.ProviderRotation.none()));
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);

    refresh(id);
    refresh(id);

    assertThat(service.calls()).isEqualTo(2);
    assertThat(service.provider().ledger().liveLeaf(family.id())).contains(family.refreshToken());
  }

  @Test
  @DisplayName("16 a new refresh token is stored, and the next refresh uses it")
  void rotates() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);

    for (int i = 0; i < 5; i++) {
      refresh(id);
    }

    assertThat(service.calls()).isEqualTo(5);
    assertThat(service.provider().ledger().reuses()).isEmpty();
    assertThat(service.talk().account(id).getString("status")).isEqualTo("active");
  }

  @Test
  @DisplayName("17 invalid_grant ends the account after one call, until somebody authorises again")
  void invalidGrant() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    provider(Fault.error(400, "invalid_grant"));

    for (int i = 0; i < 5; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.status()).isEqualTo(424);
      assertThat(answer.code()).isEqualTo("reauthorization_required");
    }
    Answer refused = service.talk().post("/v1/accounts/" + id + "/refresh", new JsonObject());
    assertThat(refused.code()).isEqualTo("reauthorization_required");
    assertThat(service.calls()).isOne();
    JsonObject account = service.talk().account(id);
    assertThat(account.getString("status")).isEqualTo("error");
    assertThat(account.getValue("error").toString()).contains("invalid_grant");

    service.provider().switches().clearFaults();
    NewFamily again = service.provider().newFamily();
    Answer patched =
        service
            .talk()
            .patch(
                "/v1/accounts/" + id,
                new JsonObject()
                    .put(
                        "credentials",
                        new JsonObject().put("refresh_token", again.refreshToken())));
    assertThat(patched.status()).isEqualTo(200);
    assertThat(service.talk().token(id).status()).isEqualTo(200);
    assertThat(service.talk().account(id).getString("status")).isEqualTo("active");
  }

  @Test
  @DisplayName("18 invalid_grant for a refresh token that was replaced meanwhile marks nobody")
  void invalidGrantAfterReplacement() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    var gate = new dev.evertoken.dev.Gate();
    provider(Fault.held(gate).times(1));
    var waiting = service.talk().asking(id);
    dev.evertoken.rig.Await.until(
        "the provider has the request",
        () -> service.provider().ledger().inFlight() == 1,
        Duration.ofSeconds(20));
    NewFamily again = service.provider().newFamily();
    service.provider().ledger().revoke(family.id());
    JsonObject change =
        new JsonObject()
            .put(
                "credentials",
                new JsonObject()
                    .put("refresh_token", again.refreshToken())
                    .put("access_token", again.accessToken().value())
                    .put(
                        "expires_at",
                        java.time.Instant.now().plus(Duration.ofMinutes(50)).toString()));
    assertThat(service.talk().patch("/v1/accounts/" + id, change).status()).isEqualTo(200);
    gate.open();

    Answer answer = waiting.join();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(service.talk().token(id).token()).isEqualTo(again.accessToken().value());
    assertThat(service.talk().account(id).getString("status")).isEqualTo("active");
  }

  @Test
  @DisplayName("19 invalid_client suspends the platform and marks none of fifty accounts")
  void invalidClient() {
    provider(Fault.error(401, "invalid_client"));
    List<Long> ids =
        IntStream.range(0, 50)
            .mapToObj(i -> service.account(service.provider().newFamily()))
            .toList();

    ids.forEach(
        id -> assertThat(service.talk().token(id).code()).isEqualTo("provider_unavailable"));

    assertThat(service.calls()).isLessThanOrEqualTo(3);
    ids.forEach(
        id -> {
          JsonObject account = service.talk().account(id);
          assertThat(account.getString("status")).isEqualTo("active");
          assertThat(account.getJsonObject("temp_unschedulable").getBoolean("active")).isFalse();
        });
  }

  @Test
  @DisplayName("20 a 429 with Retry-After leaves the token endpoint alone for that long")
  void throttled() {
    provider(Fault.tooManyRequests("30"));
    long first = service.account(service.provider().newFamily());
    long second = service.account(service.provider().newFamily());

    Answer answer = service.talk().token(first);
    assertThat(answer.code()).isEqualTo("provider_unavailable");
    assertThat(Integer.parseInt(answer.header("Retry-After").orElseThrow())).isBetween(25, 30);
    for (int i = 0; i < 5; i++) {
      assertThat(service.talk().token(second).code()).isEqualTo("provider_unavailable");
    }

    assertThat(service.calls()).isOne();
    assertThat(service.talk().account(first).getString("status")).isEqualTo("active");
    assertThat(
            service.talk().account(first).getJsonObject("temp_unschedulable").getBoolean("active"))
        .isFalse();
  }

  @Test
  @DisplayName("21 two 503 and then a 200 are a success without a bench")
  void recoversWithinTheAttempts() {
    provider(Fault.error(503, "down").times(2));
    long id = service.account(service.provider().newFamily());

    assertThat(service.talk().token(id).status()).isEqualTo(200);

    assertThat(service.calls()).isEqualTo(3);
    assertThat(service.talk().account(id).getJsonObject("temp_unschedulable").getBoolean("active"))
        .isFalse();
  }

  @Test
  @DisplayName("23 invalid_grant inside an HTML page with status 500 is transient")
  void wordsInABodyMeanNothing() {
    provider(Fault.reply(500, Map.of("content-type", "text/html"), "<p>invalid_grant</p>"));
    long id = service.account(service.provider().newFamily());

    assertThat(service.talk().token(id).code()).isEqualTo("refresh_failed");

    assertThat(service.talk().account(id).getString("status")).isEqualTo("active");
    assertThat(service.calls()).isEqualTo(3);
  }

  @Test
  @DisplayName("24 what a provider says of an error is kept without any secret in it")
  void scrubsErrors() {
    NewFamily family = service.provider().newFamily();
    provider(
        Fault.json(
            400,
            new JsonObject()
                .put("error", "invalid_grant")
                .put("error_description", "bad token " + family.refreshToken())
                .encode()));
    long id = service.account(family);

    Answer answer = service.talk().token(id);

    assertThat(answer.body()).doesNotContain(family.refreshToken());
    assertThat(service.talk().get("/v1/accounts/" + id).body())
        .doesNotContain(family.refreshToken());
  }

  @Test
  @DisplayName("35 after a failed refresh a hundred asks are told at once until when it cools down")
  void coolsDown() {
    provider(Fault.error(500, "broken"));
    long id = service.account(service.provider().newFamily());
    assertThat(service.talk().token(id).code()).isEqualTo("refresh_failed");
    long calls = service.calls();

    for (int i = 0; i < 100; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("temporarily_unschedulable");
      assertThat(answer.text("cause")).isEqualTo("refresh_failed");
      assertThat(answer.text("until")).isNotNull();
    }

    assertThat(service.calls()).isEqualTo(calls).isEqualTo(3);
  }

  @Test
  @DisplayName("77 inside the skew a token whose refresh fails is answered as stale")
  void servesStale() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(2));
    provider(Fault.error(500, "broken"));

    Answer answer = service.talk().token(id);

    assertThat(answer.token()).isEqualTo(family.accessToken().value());
    assertThat(answer.text("state")).isEqualTo("stale");
    assertThat(answer.warnings()).contains("refresh_failed");
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 504})
  @DisplayName("101 after a 502 or 504 a strictly rotating token is not sent again while one lives")
  void strictIsNotRepeated(int status) {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(10));
    provider(Fault.error(status, "gateway").processed(true));

    refresh(id);
    for (int i = 0; i < 5; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.token()).isEqualTo(family.accessToken().value());
      assertThat(answer.warnings()).contains("outcome_unknown");
    }

    assertThat(service.calls()).isOne();
    assertThat(service.talk().account(id).getString("outcome_unknown_since")).isNotNull();
  }

  private void refresh(long id) {
    service.talk().post("/v1/accounts/" + id + "/refresh", new JsonObject());
  }
}
