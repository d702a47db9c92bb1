package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.Gate;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.TcpFaultProxy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A rotated refresh token is stored, whatever happens between the provider and PostgreSQL. */
final class RotationKeptTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .acme(
              "refresh",
              "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 2s, request_timeout: 2s}");

  private final Gate gate = new Gate();
  private @Nullable TcpFaultProxy postgres;

  @AfterEach
  void close() {
    if (postgres != null) {
      postgres.close();
    }
  }

  /** Node 1 is behind it; node 0 keeps its direct connection. */
  private TcpFaultProxy cuttable() {
    TcpFaultProxy proxy = TcpFaultProxy.to(service.database());
    postgres = proxy;
    service.with("postgres.uri", proxy.through(service.database())).start();
    return proxy;
  }

  private void hold() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.held(gate).times(1));
  }

  private void awaitHeld() {
    Await.until("the provider is asked", () -> gate.arrivals() == 1);
  }

  private static CompletableFuture<Answer> refreshing(Talk talk, long id) {
    return talk.posting("/v1/accounts/" + id + "/refresh", null);
  }

  private void refreshesAgain(long id) {
    Answer again = service.talk().post("/v1/accounts/" + id + "/refresh", null);
    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(service.provider().ledger().reuses()).isEmpty();
  }

  private boolean succeeded(long id) {
    JsonObject last = service.talk().account(id).getJsonObject("last_refresh");
    return last != null && "success".equals(last.getString("class"));
  }

  @Test
  @DisplayName("55 a commit that fails once is repeated, and the rotated token is stored")
  void commitFailsOnce() {
    TcpFaultProxy proxy = cuttable();
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(10));
    hold();
    CompletableFuture<Answer> asked = refreshing(service.talk(1), id);
    awaitHeld();

    proxy.cut();
    gate.open();

    assertThat(asked.join().status()).isEqualTo(200);
    assertThat(service.calls()).isOne();
    refreshesAgain(id);
    assertThat(service.calls()).isEqualTo(2);
  }

  @Test
  @DisplayName(
      "55 PostgreSQL is away for longer than the claim lasts: another node says that the outcome is"
          + " unknown, and the answer is stored all the same")
  void commitFailsForLong() {
    TcpFaultProxy proxy = cuttable();
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(10));
    hold();
    CompletableFuture<Answer> asked = refreshing(service.talk(1), id);
    awaitHeld();

    proxy.down();
    gate.open();
    Await.until(
        "the claim lapses",
        () -> service.talk().token(id).warnings().contains("outcome_unknown"),
        Duration.ofSeconds(30));
    assertThat(service.talk().token(id).token()).isEqualTo(family.accessToken().value());
    assertThat(service.calls()).isOne();
    assertThat(asked).isNotDone();

    proxy.restore();
    Await.until("the answer is stored", () -> succeeded(id), Duration.ofSeconds(30));
    assertThat(asked.join().status()).isEqualTo(200);
    assertThat(service.talk().account(id).getString("outcome_unknown_since")).isNull();
    refreshesAgain(id);
    assertThat(service.calls()).isEqualTo(2);
  }

  @Test
  @DisplayName("56 an answer after the caller's deadline is stored")
  void answerAfterTheDeadline() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    hold();

    Answer late = service.talk().token(id, "max_wait_ms=100");
    assertThat(late.status()).isEqualTo(504);
    assertThat(late.code()).isEqualTo("refresh_timeout");
    gate.open();

    Await.until("the answer is stored", () -> succeeded(id));
    assertThat(service.talk().token(id).status()).isEqualTo(200);
    assertThat(service.calls()).isOne();
    refreshesAgain(id);
  }

  @Test
  @DisplayName("58 edits during a rotation are kept, and so is the rotation")
  void editsDuringARotation() {
    service.start();
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(10));
    long proxy = proxy();
    hold();
    CompletableFuture<Answer> asked = refreshing(service.talk(), id);
    awaitHeld();

    patch(id, new JsonObject().put("name", "renamed"));
    patch(id, new JsonObject().put("proxy_id", proxy));
    patch(id, new JsonObject().put("priority", 7).put("paused", true));
    Answer reported =
        service
            .talk(1)
            .post(
                "/v1/accounts/" + id + "/reports",
                new JsonObject().put("generation", 1).put("status", 401));
    assertThat(reported.status()).as(reported.body()).isEqualTo(202);
    gate.open();

    assertThat(asked.join().status()).isEqualTo(200);
    JsonObject account = service.talk().account(id);
    assertThat(account.getString("name")).isEqualTo("renamed");
    assertThat(account.getLong("proxy_id")).isEqualTo(proxy);
    assertThat(account.getInteger("priority")).isEqualTo(7);
    assertThat(account.getBoolean("paused")).isTrue();
    patch(id, new JsonObject().put("proxy_id", null));
    refreshesAgain(id);
    assertThat(service.calls()).isEqualTo(2);
  }

  @Test
  @DisplayName("94 a project, a name and a bench of others are kept, and so is the rotated token")
  void changesOfOthersDuringARotation() {
    service.start();
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(10));
    hold();
    CompletableFuture<Answer> asked = refreshing(service.talk(), id);
    awaitHeld();

    patch(
        id, new JsonObject().put("credentials", new JsonObject().put("project_id", "project-new")));
    patch(id, new JsonObject().put("name", "renamed"));
    assertThat(
            service
                .talk(1)
                .put(
                    "/v1/accounts/" + id + "/temp-unschedulable",
                    new JsonObject().put("seconds", 600).put("reason", "by hand"))
                .status())
        .isEqualTo(200);
    gate.open();

    assertThat(asked.join().status()).isEqualTo(200);
    JsonObject account = service.talk().account(id);
    assertThat(account.getString("name")).isEqualTo("renamed");
    assertThat(account.getString("project_id")).isEqualTo("project-new");
    JsonArray benches =
        service
            .talk()
            .get("/v1/accounts/" + id + "/temp-unschedulable")
            .json()
            .getJsonArray("benches");
    assertThat(benches).hasSize(1);
    assertThat(benches.getJsonObject(0).getString("cause")).isEqualTo("manual");
    refreshesAgain(id);
  }

  private long proxy() {
    Answer made =
        service
            .talk()
            .post(
                "/v1/proxies", new JsonObject().put("name", "p").put("url", "http://127.0.0.1:1"));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json().getLong("id");
  }

  private void patch(long id, JsonObject change) {
    Answer patched = service.talk(1).patch("/v1/accounts/" + id, change);
    assertThat(patched.status()).as(patched.body()).isEqualTo(200);
  }
}
