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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A refresh token that may be spent is never presented again as if nothing had happened. */
final class UnknownOutcomeTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .acme("rotation", "{grace: 30s}")
          .acme("refresh", "{total_timeout: 5s}")
          .platform("strict");

  private void provider(Fault fault) {
    service.provider().switches().fault(Endpoint.TOKEN, fault);
  }

  private JsonObject unknown(long id) {
    JsonObject account = service.talk().account(id);
    assertThat(account.getString("outcome_unknown_since")).as(account.encode()).isNotNull();
    return account;
  }

  @Test
  @DisplayName("101 a repeat inside the grace that fails leaves the outcome of the first unknown")
  void aRepeatThatFailsProvesNothing() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(10));
    provider(Fault.drop().times(1));
    provider(Fault.error(503, "temporarily_unavailable"));

    service.talk().post("/v1/accounts/" + id + "/refresh", null);

    unknown(id);
    assertThat(service.talk().token(id).warnings()).contains("outcome_unknown");
    assertThat(service.talk().token(id).token()).isEqualTo(family.accessToken().value());
  }

  @Test
  @DisplayName("58 an access token given during a refresh hides no unknown outcome")
  void anAccessTokenGivenMeanwhile() {
    Gate gate = new Gate();
    provider(Fault.held(gate).times(1));
    provider(Fault.error(503, "temporarily_unavailable"));
    NewFamily family = service.provider().newFamily();
    long id =
        service.account(
            family,
            body -> {
              body.put("platform", "strict");
              body.getJsonObject("credentials")
                  .put("access_token", family.accessToken().value())
                  .put("expires_at", Instant.now().plusSeconds(600).toString());
            });
    CompletableFuture<Answer> asked =
        service.talk().posting("/v1/accounts/" + id + "/refresh", null);
    Await.until("the provider is asked", () -> gate.arrivals() == 1);
    Answer patched =
        service
            .talk()
            .patch(
                "/v1/accounts/" + id,
                new JsonObject()
                    .put(
                        "credentials",
                        new JsonObject()
                            .put("access_token", "by-hand")
                            .put("expires_at", Instant.now().plusSeconds(3000).toString())));
    assertThat(patched.status()).as(patched.body()).isEqualTo(200);

    asked.join();

    unknown(id);
    assertThat(service.talk().token(id).token()).isEqualTo("by-hand");
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("a project_id that cannot be stored does not cost the tokens that came with it")
  void unstorableProject() {
    provider(
        Fault.reply(
            200,
            Map.of("content-type", "application/json"),
            "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"expires_in\":3600,"
                + "\"project_id\":\"a\\u0000b\"}"));
    long id = service.account(service.provider().newFamily());

    Answer answer = service.talk().token(id);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.token()).isEqualTo("at");
    assertThat(service.talk().account(id).getString("project_id")).isNull();
  }
}
