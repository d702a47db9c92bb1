package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who did what, and who read which token, as it is told afterwards. */
final class AuditTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension private final Service service = new Service();

  /** A key, and who it is in the audit. */
  private record Someone(Talk talk, String actor) {}

  private Someone someone(String... scopes) {
    JsonObject key =
        new JsonObject().put("name", "someone").put("scopes", new JsonArray(List.of(scopes)));
    Answer created = service.talk().post("/v1/keys", key);
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return new Someone(
        service.talk().as(created.text("key")), "key:" + created.json().getLong("id"));
  }

  private List<JsonObject> audited(String query) {
    return service.talk().get("/v1/audit?limit=500&" + query).json().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private static long made(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().getLong("id");
  }

  private static void done(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 204);
  }

  private static JsonObject json(String text) {
    return new JsonObject(text);
  }

  private JsonObject account() {
    NewFamily family = service.provider().newFamily();
    return new JsonObject()
        .put("name", "audited")
        .put("platform", "acme")
        .put("credentials", new JsonObject().put("refresh_token", family.refreshToken()));
  }

  @Test
  @DisplayName("76 each thing that an operator does is in the audit once, with actor and reason")
  void everythingThatAnOperatorDoes() {
    Someone operator = someone("admin");
    Talk talk = operator.talk();
    String proxy =
        "/v1/proxies/"
            + made(
                talk.post("/v1/proxies", json("{\"name\":\"p\",\"url\":\"http://127.0.0.1:1\"}")));
    done(talk.patch(proxy, json("{\"disabled\":true}")));
    done(talk.delete(proxy));
    String key =
        "/v1/keys/"
            + made(talk.post("/v1/keys", json("{\"name\":\"k\",\"scopes\":[\"token:read\"]}")));
    done(talk.delete(key));
    done(talk.put("/v1/pools/blue", json("{\"strategy\":\"round_robin\"}")));
    long id = made(talk.post("/v1/accounts", account()));
    String one = "/v1/accounts/" + id;
    done(talk.patch(one, json("{\"paused\":true}")));
    done(talk.put(one + "/temp-unschedulable", json("{\"seconds\":60,\"reason\":\"tea\"}")));
    done(talk.delete(one + "/temp-unschedulable"));
    Answer refreshed = talk.post(one + "/refresh", null);
    done(refreshed);
    done(talk.post(one + "/clear-error", null));
    long generation = refreshed.json().getLong("generation");
    done(
        talk.post(
            one + "/reports", new JsonObject().put("generation", generation).put("status", 401)));
    done(talk.get("/v1/accounts/export?secrets=true"));
    done(talk.delete(one));
    List<String> expected =
        List.of(
            "proxy.created",
            "proxy.changed",
            "proxy.deleted",
            "key.created",
            "key.deleted",
            "pool.changed",
            "account.created",
            "account.changed",
            "account.benched",
            "account.bench_cleared",
            "account.refresh",
            "account.error_cleared",
            "account.token_refused",
            "accounts.exported",
            "account.deleted");

    Supplier<List<JsonObject>> told = () -> audited("actor=" + operator.actor());
    Await.until(
        () -> "all is written: " + actions(told.get()),
        () -> told.get().size() >= expected.size(),
        SOON);

    assertThat(actions(told.get())).isEqualTo(expected);
    assertThat(told.get())
        .allSatisfy(
            entry -> {
              assertThat(entry.getString("actor_name")).isEqualTo("someone");
              assertThat(entry.getString("reason")).as(entry.encode()).isNotBlank();
              assertThat(entry.getLong("account"))
                  .isEqualTo(entry.getString("action").startsWith("account.") ? id : null);
            });
    assertThat(audited("action=account.benched").getFirst().getString("reason")).isEqualTo("tea");
  }

  private static List<String> actions(List<JsonObject> newestFirst) {
    return newestFirst.reversed().stream().map(entry -> entry.getString("action")).toList();
  }

  @Test
  void everyTokenThatIsHandedOutIsCountedForItsReader() {
    Someone first = someone("token:read");
    Someone second = someone("token:read");
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(40));
    long other = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    for (int i = 0; i < 5; i++) {
      done(first.talk().token(id));
      done(second.talk().token(other));
    }
    done(first.talk().post("/v1/token", new JsonObject().put("account", id)));
    assertThat(second.talk().token(99_999).status()).isEqualTo(404);
    done(service.talk().patch("/v1/accounts/" + other, json("{\"paused\":true}")));
    done(second.talk().pool("acme", new JsonObject()));

    Await.until("all is counted", () -> reads("action=token.read") == 12, SOON);

    assertThat(reads("actor=" + first.actor() + "&account=" + id)).isEqualTo(6);
    assertThat(reads("actor=" + second.actor() + "&account=" + other)).isEqualTo(5);
    assertThat(reads("actor=" + second.actor() + "&account=" + id)).isEqualTo(1);
  }

  private long reads(String query) {
    return audited(query).stream().mapToLong(entry -> entry.getLong("reads", 0L)).sum();
  }
}
