package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FreshnessTest {

  @RegisterExtension private final Service service = new Service();

  @Test
  @DisplayName("1 an account that does not exist is a 404 and no call to the provider")
  void noSuchAccount() {
    Answer answer = service.talk().token(4711);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo("not_found");
    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName("2 a static key is answered as it is, and never refreshed")
  void staticKey() {
    long id = service.staticAccount("K-123");

    for (int i = 0; i < 3; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.token()).isEqualTo("K-123");
      assertThat(answer.text("token_type")).isEqualTo("ApiKey");
      assertThat(answer.json().getValue("expires_at")).isNull();
    }

    assertThat(service.talk().post("/v1/accounts/" + id + "/refresh", null).status())
        .isEqualTo(422);
    assertThat(service.calls()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"api_key\":\"\"}", "{\"api_key\":\"  \"}", "{\"api_key\":null}"})
  @DisplayName("3 a static account without a key says which field is missing, and is not benched")
  void missingKey(String credentials) {
    Answer created =
        service
            .talk()
            .post(
                "/v1/accounts",
                new JsonObject()
                    .put("name", "static")
                    .put("platform", "acme")
                    .put("type", "upstream")
                    .put("credentials", new JsonObject(credentials)));
    assertThat(created.status()).isEqualTo(201);
    long id = created.json().getLong("id");

    Answer answer = service.talk().token(id);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("api_key");
    assertThat(service.talk().account(id).getJsonObject("temp_unschedulable").getBoolean("active"))
        .isFalse();
  }

  @Test
  @DisplayName("4 the platform guard refuses an account of another platform")
  void platformGuard() {
    long id = service.account(service.provider().newFamily());

    Answer answer = service.talk().token(id, "platform=antigravity");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().getJsonArray("errors").encode()).contains("platform");
    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName("5 a token with 40 minutes left is served a hundred times without a call")
  void freshIsServed() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(40));

    for (int i = 0; i < 100; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.token()).isEqualTo(family.accessToken().value());
      assertThat(answer.text("state")).isEqualTo("fresh");
    }

    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName("6 with 2 min 59 s left one call brings a new token, stored early by the margin")
  void refreshesInsideTheSkew() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofSeconds(179));

    Instant before = Instant.now();
    Answer answer = service.talk().token(id);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.token()).isNotEqualTo(family.accessToken().value());
    assertThat(service.calls()).isOne();
    assertThat(Instant.parse(answer.text("expires_at")))
        .isBetween(
            before.plus(Duration.ofMinutes(55)).minusSeconds(2),
            Instant.now().plus(Duration.ofMinutes(55)).plusSeconds(2));
  }

  @Test
  @DisplayName("7 with 3 min 1 s left the token is served and refreshed behind the answer")
  void servesOutsideTheSkew() {
    NewFamily family = service.provider().newFamily();
    service.provider().switches().fault(Endpoint.TOKEN, Fault.delayed(Duration.ofMillis(700)));
    long id = service.account(family, Duration.ofSeconds(184));

    Answer answer = service.talk().token(id);

    assertThat(answer.token()).isEqualTo(family.accessToken().value());
    assertThat(answer.text("state")).isEqualTo("stale");
    Await.until(
        "the refresh behind is stored",
        () -> !service.talk().token(id).token().equals(family.accessToken().value()),
        Duration.ofSeconds(20));
    assertThat(service.calls()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "null", "\"soon\"", "1795431600000"})
  @DisplayName("8 an expiry that cannot be read leads to one refresh and a sane expiry")
  void unreadableExpiry(String expiry) {
    NewFamily family = service.provider().newFamily();
    long id =
        service.account(
            family,
            body -> {
              JsonObject credentials = body.getJsonObject("credentials");
              credentials.put("access_token", family.accessToken().value());
              if (!expiry.equals("absent")) {
                credentials.put(
                    "expires_at", new JsonObject("{\"v\":" + expiry + "}").getValue("v"));
              }
            });

    for (int i = 0; i < 5; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(Instant.parse(answer.text("expires_at")))
          .isBetween(
              Instant.now().plus(Duration.ofMinutes(50)),
              Instant.now().plus(Duration.ofMinutes(60)));
    }
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("9 an expired token is never answered, also while the provider is down")
  void expiredIsNeverServed() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofSeconds(-1));
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(503, "down"));

    for (int i = 0; i < 3; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).doesNotContain(family.accessToken().value());
    }
  }

  @Test
  @DisplayName("10 a cached token is not served past its stored expiry")
  void cachedTokenEnds() {
    service.provider().switches().change(b -> b.lifetime(Duration.ofSeconds(4)));
    long id = service.account(service.provider().newFamily());
    Answer first = service.talk().token(id);
    assertThat(first.status()).isEqualTo(200);
    Instant end = Instant.parse(first.text("expires_at"));
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(503, "down"));

    Await.until("the token ends", () -> Instant.now().isAfter(end), Duration.ofSeconds(20));
    Answer later = service.talk().token(id);

    assertThat(later.status()).isEqualTo(503);
  }

  @Test
  @DisplayName("11 the stored expiry of an hour is four to six minutes early")
  void earlyExpiry() {
    long id = service.account(service.provider().newFamily());

    Instant before = Instant.now();
    Instant stored = Instant.parse(service.talk().token(id).text("expires_at"));

    assertThat(Duration.between(stored, before.plus(Duration.ofHours(1))))
        .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));
  }

  @Test
  @DisplayName("78 min_ttl above what is left refreshes first; above what a token lives is a 422")
  void minTtl() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(40));

    Answer longer = service.talk().token(id, "min_ttl=3000");
    assertThat(longer.status()).isEqualTo(200);
    assertThat(longer.json().getInteger("expires_in")).isGreaterThanOrEqualTo(3000);
    assertThat(service.calls()).isOne();

    for (int i = 0; i < 5; i++) {
      Answer impossible = service.talk().token(id, "min_ttl=3400");
      assertThat(impossible.status()).isEqualTo(422);
      assertThat(impossible.body()).contains("min_ttl");
    }
    assertThat(service.calls()).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 300})
  @DisplayName("92 short-lived tokens are served from memory, refreshed once in a quarter at most")
  void shortLived(int seconds) {
    service.provider().switches().change(b -> b.lifetime(Duration.ofSeconds(seconds)));
    long id = service.account(service.provider().newFamily());

    for (int i = 0; i < 50; i++) {
      assertThat(service.talk().token(id).status()).isEqualTo(200);
    }

    assertThat(service.calls()).isOne();
  }
}
