package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.ExpiresIn;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BackgroundTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** The first node leaves the background alone, so that a test can prepare what it will find. */
  @RegisterExtension
  private final Service service = new Service().with("refresh.scan_interval", "1s");

  private void startBackground() {
    service.with("refresh.background", "true").start();
  }

  private JsonObject account(long id) {
    return service.talk().account(id);
  }

  private JsonObject lastRefresh(long id) {
    return account(id).getJsonObject("last_refresh");
  }

  private boolean refreshed(long id) {
    JsonObject last = lastRefresh(id);
    return last != null
        && "background".equals(last.getString("trigger"))
        && "success".equals(last.getString("class"));
  }

  private void write(String sql) {
    try (Connection connection = Jdbc.connect(service.database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName(
      "22 a provider that fails for ever: three tries, 10 minutes out, active, the reason shown")
  void benchedInTheBackground() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(500, "broken"));
    long id = service.account(service.provider().newFamily(), Duration.ofMinutes(10));
    Instant begun = Instant.now();
    startBackground();

    Await.until(
        "it is benched",
        () -> account(id).getJsonObject("temp_unschedulable").getBoolean("active"),
        SOON);

    JsonObject shown = account(id);
    JsonObject bench = shown.getJsonObject("temp_unschedulable");
    assertThat(service.calls()).isEqualTo(3);
    assertThat(shown.getString("status")).isEqualTo("active");
    assertThat(bench.getString("cause")).isEqualTo("refresh_failed");
    assertThat(bench.getString("reason")).contains("500");
    assertThat(Instant.parse(bench.getString("until")))
        .isBetween(
            begun.plus(Duration.ofMinutes(10)).minusSeconds(1),
            Instant.now().plus(Duration.ofMinutes(10)).plusSeconds(1));
    assertThat(lastRefresh(id).getString("trigger")).isEqualTo("background");
    Answer valid = service.talk(1).token(id);
    assertThat(valid.status()).isEqualTo(200);
    assertThat(valid.text("state")).isEqualTo("stale");
    assertThat(valid.warnings()).contains("refresh_failed");
    assertThat(service.calls()).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "60 an account that is due is refreshed without traffic; one that is not due is left")
  void refreshedWithoutTraffic() {
    NewFamily other = service.provider().newFamily();
    long later = service.account(other, Duration.ofMinutes(50));
    NewFamily third = service.provider().newFamily();
    long unasked = service.account(third, Duration.ofMinutes(12));
    startBackground();

    Await.until("it is refreshed", () -> refreshed(unasked), SOON);

    String old = third.accessToken().value();
    assertThat(service.talk(1).token(unasked).token()).isNotEqualTo(old);
    // No bus joins the two nodes: the other one learns it from PostgreSQL.
    Await.until(
        "the other node has it too",
        () -> !service.talk().token(unasked).token().equals(old),
        Duration.ofSeconds(10));
    assertThat(account(later).getJsonObject("last_refresh")).isNull();
    assertThat(service.talk().token(later).token()).isEqualTo(other.accessToken().value());
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("64 paused and benched accounts are refreshed; in error and disabled ones are not")
  void whoIsRefreshed() {
    long paused = due(body -> body.put("paused", true));
    long benched = due(body -> {});
    service
        .talk()
        .put(
            "/v1/accounts/" + benched + "/temp-unschedulable",
            new JsonObject().put("seconds", 3600).put("reason", "manual"));
    long limited = due(body -> {});
    long generation = account(limited).getLong("generation");
    service
        .talk()
        .post(
            "/v1/accounts/" + limited + "/reports",
            new JsonObject().put("generation", generation).put("status", 429));
    NewFamily lost = service.provider().newFamily();
    long error = service.account(lost);
    service
        .provider()
        .switches()
        .fault(lost.id(), Endpoint.TOKEN, Fault.error(400, "invalid_grant").times(1));
    assertThat(service.talk().token(error).status()).isEqualTo(424);
    long disabled = due(body -> {});
    assertThat(
            service
                .talk()
                .patch("/v1/accounts/" + disabled, new JsonObject().put("status", "disabled"))
                .status())
        .isEqualTo(200);
    startBackground();

    List<Long> live = List.of(paused, benched, limited);
    Await.until("they are refreshed", () -> live.stream().allMatch(this::refreshed), SOON);
    // One that is due later than all of them shows that the loop has been past the others.
    long witness = due(body -> {});
    Await.until("another one is refreshed", () -> refreshed(witness), SOON);

    assertThat(account(error).getString("status")).isEqualTo("error");
    assertThat(account(disabled).getJsonObject("last_refresh")).isNull();
    assertThat(account(benched).getJsonObject("temp_unschedulable").getBoolean("active")).isTrue();
    assertThat(account(limited).getJsonObject("temp_unschedulable").getString("cause"))
        .isEqualTo("rate_limited");
    assertThat(account(paused).getBoolean("paused")).isTrue();
    assertThat(service.provider().ledger().presentations(lost.id())).hasSizeLessThanOrEqualTo(1);
  }

  private long due(java.util.function.Consumer<JsonObject> change) {
    NewFamily family = service.provider().newFamily();
    return service.account(
        family,
        body -> {
          body.getJsonObject("credentials")
              .put("access_token", family.accessToken().value())
              .put("expires_at", Instant.now().plus(Duration.ofMinutes(5)).toString());
          change.accept(body);
        });
  }

  @Test
  @DisplayName("13 a token that ends at once is refreshed in the background once, not in a loop")
  void noLoop() {
    service.provider().switches().change(draft -> draft.expiresIn(ExpiresIn.literal(0)));
    long id = service.account(service.provider().newFamily());
    startBackground();

    Await.until("it was tried", () -> lastRefresh(id) != null, SOON);
    long calls = service.calls();
    NewFamily honest = service.provider().newFamily();
    service.provider().switches().change(honest.id(), draft -> draft.expiresIn(ExpiresIn.honest()));
    // Three more accounts, one after the other, are three more rounds of the loop.
    for (int i = 0; i < 3; i++) {
      NewFamily next = service.provider().newFamily();
      service.provider().switches().change(next.id(), draft -> draft.expiresIn(ExpiresIn.honest()));
      long witness = service.account(next);
      Await.until("another one is refreshed", () -> refreshed(witness), SOON);
    }

    assertThat(service.calls()).isEqualTo(calls + 3);
    assertThat(calls).isOne();
  }

  @Test
  @DisplayName("3.9 a claim that lapsed is taken up in the background, by the rule of the rotation")
  void lapsedClaims() {
    long strict = due(body -> {});
    write(
        """
        update accounts set claim_attempt = gen_random_uuid(), claim_node = 'dead',
          claim_trigger = 'background', claim_rt_seq = rt_seq,
          claim_at = clock_timestamp() - interval '20 seconds',
          claim_until = clock_timestamp() - interval '5 seconds'
        where id = %d
        """
            .formatted(strict));
    startBackground();

    Await.until(
        "its outcome is known to be unknown",
        () -> account(strict).getString("outcome_unknown_since") != null,
        SOON);

    assertThat(service.calls()).isZero();
    Answer answer = service.talk(1).token(strict);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.warnings()).contains("outcome_unknown");
    assertThat(account(strict).getString("status")).isEqualTo("active");
  }

  @Test
  @DisplayName("3.9 a lapsed claim of an expired account is tried once more in the background")
  void lapsedAndExpired() {
    long id = service.account(service.provider().newFamily());
    write(
        """
        update accounts set claim_attempt = gen_random_uuid(), claim_node = 'dead',
          claim_trigger = 'background', claim_rt_seq = rt_seq,
          claim_at = clock_timestamp() - interval '20 seconds',
          claim_until = clock_timestamp() - interval '5 seconds'
        """);
    startBackground();

    Await.until("it is refreshed", () -> refreshed(id), SOON);

    assertThat(service.calls()).isOne();
    assertThat(account(id).getString("outcome_unknown_since")).isNull();
  }
}
