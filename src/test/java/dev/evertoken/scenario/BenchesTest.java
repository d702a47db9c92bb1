package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BenchesTest {

  @RegisterExtension private final Service service = new Service();

  private long ready(int priority) {
    NewFamily family = service.provider().newFamily();
    return service.account(
        family,
        body -> {
          body.put("priority", priority);
          body.getJsonObject("credentials")
              .put("access_token", family.accessToken().value())
              .put("expires_at", Instant.now().plus(Duration.ofMinutes(50)).toString());
        });
  }

  private long expired(NewFamily family, int priority) {
    return service.account(family, body -> body.put("priority", priority));
  }

  private JsonObject bench(long id) {
    return service.talk().get(benchPath(id)).json();
  }

  private static String benchPath(long id) {
    return "/v1/accounts/" + id + "/temp-unschedulable";
  }

  private Answer report(long id, long generation, int status) {
    return service
        .talk()
        .post(
            "/v1/accounts/" + id + "/reports",
            new JsonObject().put("generation", generation).put("status", status));
  }

  @Test
  @DisplayName("36 a pool with a bad first account answers with the second one in the same call")
  void failsOver() {
    NewFamily bad = service.provider().newFamily();
    long first = expired(bad, 10);
    long second = ready(20);
    service.provider().switches().fault(bad.id(), Endpoint.TOKEN, Fault.error(500, "broken"));

    // Selection prefers, within a priority, a token that is there; so the first is asked for.
    Answer answer = service.talk().pool("acme", new JsonObject());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getJsonObject("account").getLong("id")).isEqualTo(second);
    Await.until(
        "the first is benched", () -> bench(first).getBoolean("active"), Duration.ofSeconds(20));
    assertThat(service.talk().pool("acme", new JsonObject()).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("37 a pool that is wholly out says so once, with the earliest recovery")
  void exhausted() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(500, "broken"));
    for (int i = 0; i < 3; i++) {
      expired(service.provider().newFamily(), 50);
    }

    Answer answer = service.talk().pool("acme", new JsonObject().put("max_wait_ms", 8000));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("pool_exhausted");
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(answer.took()).isLessThan(Duration.ofSeconds(12));
  }

  @Test
  @DisplayName("38 a caller that goes away ends nothing: the refresh is stored, nobody is benched")
  void callerGoesAway() throws Exception {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    service.provider().switches().fault(Endpoint.TOKEN, Fault.delayed(Duration.ofMillis(800)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), service.node(0).httpPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /v1/accounts/%d/token HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(id, Service.ADMIN_KEY)
                  .getBytes(StandardCharsets.US_ASCII));
      Await.until(
          "the provider has the request",
          () -> service.provider().ledger().inFlight() == 1,
          Duration.ofSeconds(20));
    }

    Await.until(
        "the token is stored",
        () -> service.talk().account(id).getLong("generation") > 1,
        Duration.ofSeconds(20));

    assertThat(service.calls()).isOne();
    assertThat(bench(id).getBoolean("active")).isFalse();
    assertThat(service.talk().token(id).status()).isEqualTo(200);
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("40 a bench never becomes shorter")
  void neverShorter() {
    long id = ready(50);
    service.talk().put(benchPath(id), new JsonObject().put("seconds", 600).put("reason", "a"));
    Instant until = Instant.parse(bench(id).getString("until"));

    service.talk().put(benchPath(id), new JsonObject().put("seconds", 300).put("reason", "b"));

    assertThat(Instant.parse(bench(id).getString("until"))).isEqualTo(until);
    Answer withheld = service.talk().token(id);
    assertThat(withheld.status()).isEqualTo(503);
    assertThat(withheld.text("cause")).isEqualTo("manual");
    assertThat(service.talk().token(id, "include_benched=true").warnings()).contains("benched");
  }

  @Test
  @DisplayName("42 a refresh that succeeds ends the bench of a failed one")
  void refreshClearsItsOwn() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(500, "broken"));
    long id = service.account(service.provider().newFamily());
    service.talk().token(id);
    assertThat(bench(id).getBoolean("active")).isTrue();
    service.provider().switches().clearFaults();

    assertThat(service.talk().post("/v1/accounts/" + id + "/refresh", new JsonObject()).status())
        .isEqualTo(200);

    assertThat(bench(id).getBoolean("active")).isFalse();
    assertThat(service.talk().token(id).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("43 a bench is shown, and ended by hand for good")
  void shownAndEnded() {
    long id = ready(50);
    service.talk().put(benchPath(id), new JsonObject().put("seconds", 60).put("reason", "tea"));

    JsonObject shown = bench(id);
    assertThat(shown.getBoolean("active")).isTrue();
    assertThat(shown.getString("cause")).isEqualTo("manual");
    assertThat(shown.getString("reason")).isEqualTo("tea");
    assertThat(shown.getJsonArray("benches")).hasSize(1);

    assertThat(service.talk().delete(benchPath(id)).status()).isLessThan(300);
    assertThat(bench(id).getBoolean("active")).isFalse();
    assertThat(service.talk().token(id).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("43 a bench that is over reads as inactive")
  void over() {
    long id = ready(50);
    service.talk().put(benchPath(id), new JsonObject().put("seconds", 1).put("reason", "blink"));

    Await.until("it is over", () -> !bench(id).getBoolean("active"), Duration.ofSeconds(20));

    assertThat(service.talk().token(id).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("44 an error that is cleared leaves nothing else to switch; a pause survives")
  void clearError() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, body -> body.put("paused", true));
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(400, "invalid_grant").times(1));
    assertThat(service.talk().token(id).status()).isEqualTo(424);

    Answer cleared = service.talk().post("/v1/accounts/" + id + "/clear-error", new JsonObject());

    assertThat(cleared.status()).isEqualTo(200);
    assertThat(cleared.text("status")).isEqualTo("active");
    assertThat(cleared.json().getBoolean("paused")).isTrue();
    Answer answer = service.talk().token(id);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.warnings()).contains("paused");
  }

  @Test
  @DisplayName("45 a thousand asks at the moment of expiry are one call, and all get the new token")
  void oneCallForAThousand() {
    NewFamily family = service.provider().newFamily();
    service.provider().switches().fault(Endpoint.TOKEN, Fault.delayed(Duration.ofMillis(500)));
    long id = service.account(family);
    Talk talk = service.talk();

    var asks = java.util.stream.IntStream.range(0, 1000).mapToObj(i -> talk.asking(id)).toList();
    CompletableFuture.allOf(asks.toArray(CompletableFuture[]::new)).join();

    assertThat(asks).allMatch(ask -> ask.join().status() == 200);
    assertThat(asks.stream().map(ask -> ask.join().token()).distinct()).hasSize(1);
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("97 a token reported with 401 is answered by nobody any more")
  void rejectedToken() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(40));
    Answer before = service.talk().token(id);
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(503, "down"));
    long generation = before.json().getLong("generation");

    assertThat(report(id, generation, 401).text("action")).isEqualTo("refresh");

    for (int i = 0; i < 10; i++) {
      assertThat(service.talk().token(id).body()).doesNotContain(before.token());
    }
    assertThat(report(id, generation - 1, 401).text("action"))
        .isEqualTo("ignored_stale_generation");
  }

  @Test
  @DisplayName("100 a pool whose first account hangs answers with the next one in time")
  void hangingFirst() {
    NewFamily slow = service.provider().newFamily();
    expired(slow, 10);
    long second = ready(20);
    service.provider().switches().fault(slow.id(), Endpoint.TOKEN, Fault.hang());

    Answer answer = service.talk().pool("acme", new JsonObject());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getJsonObject("account").getLong("id")).isEqualTo(second);
    assertThat(answer.took()).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  @DisplayName("102, 41 of two causes a refresh ends only its own")
  void independentCauses() {
    long id = service.account(service.provider().newFamily());
    long generation = service.talk().token(id).json().getLong("generation");
    assertThat(report(id, generation, 429).text("action")).isEqualTo("bench");
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(500, "broken"));
    service.talk().post("/v1/accounts/" + id + "/refresh", new JsonObject());
    assertThat(causes(id)).containsExactlyInAnyOrder("rate_limited", "refresh_failed");

    service.provider().switches().clearFaults();
    service.talk().post("/v1/accounts/" + id + "/refresh", new JsonObject());

    assertThat(causes(id)).containsExactly("rate_limited");
    assertThat(service.talk().token(id).text("cause")).isEqualTo("rate_limited");
  }

  private java.util.List<String> causes(long id) {
    JsonArray benches = bench(id).getJsonArray("benches");
    return benches.stream().map(b -> ((JsonObject) b).getString("cause")).toList();
  }
}
