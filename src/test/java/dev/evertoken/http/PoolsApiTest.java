package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools and providers over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PoolsApiTest {

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private long member(String pool, String name) {
    long id = rig.healthy(name);
    rig.call("PATCH", "/v1/accounts/" + id, "{\"pools\":[\"%s\"]}".formatted(pool));
    return id;
  }

  private static List<String> names(Answer list) {
    return list.json().getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getString("name"))
        .toList();
  }

  private JsonObject counts(String pool) {
    return rig.get("/v1/pools/" + pool).json().getJsonObject("counts");
  }

  @Test
  void aPoolCountsItsAccountsByStateAndSaysWhenTheNextIsBack() {
    long benched = member("counted", "c-benched");
    long later = member("counted", "c-later");
    long paused = member("counted", "c-paused");
    long disabled = member("counted", "c-disabled");
    member("counted", "c-good");
    assertThat(rig.get("/v1/pools/counted").json().getValue("next_recovery_at")).isNull();
    rig.call(
        "PUT",
        "/v1/accounts/" + later + "/temp-unschedulable",
        "{\"seconds\":9000,\"reason\":\"x\"}");
    Answer first =
        rig.call(
            "PUT",
            "/v1/accounts/" + benched + "/temp-unschedulable",
            "{\"seconds\":600,\"reason\":\"x\"}");
    rig.call("PATCH", "/v1/accounts/" + paused, "{\"paused\":true}");
    rig.call("PATCH", "/v1/accounts/" + disabled, "{\"status\":\"disabled\"}");

    JsonObject pool = rig.get("/v1/pools/counted").json();

    assertThat(pool.getJsonObject("counts"))
        .isEqualTo(
            new JsonObject()
                .put("total", 5)
                .put("usable", 1)
                .put("benched", 2)
                .put("suspended", 0)
                .put("paused", 1)
                .put("error", 0)
                .put("disabled", 1));
    assertThat(Instant.parse(pool.getString("next_recovery_at")))
        .isEqualTo(Instant.parse(first.json().getString("until")));
    assertThat(pool.getString("strategy")).isEqualTo("priority");
    assertThat(pool.getInteger("max_switches")).isEqualTo(3);
  }

  @Test
  void theAccountsBehindAProxyThatIsOffAreSuspendedUnlessTheyHaveAToken() {
    long proxy =
        rig.post("/v1/proxies", "{\"name\":\"px\",\"url\":\"http://127.0.0.1:3999\"}")
            .json()
            .getLong("id");
    long good = member("behind", "b-good");
    long empty = rig.account("b-empty", "{\"refresh_token\":\"canary-rt-b-empty\"}");
    for (long id : new long[] {good, empty}) {
      rig.call(
          "PATCH",
          "/v1/accounts/" + id,
          "{\"proxy_id\":%d,\"pools\":[\"behind\"]}".formatted(proxy));
    }
    assertThat(counts("behind").getInteger("usable")).isEqualTo(2);

    rig.call("PATCH", "/v1/proxies/" + proxy, "{\"disabled\":true}");

    assertThat(counts("behind").getInteger("suspended")).isOne();
    assertThat(rig.get("/v1/accounts/" + empty).json().getJsonArray("blocked_by").encode())
        .contains("\"kind\":\"proxy\"")
        .contains("\"id\":" + proxy);
    assertThat(rig.get("/v1/accounts?schedulable=true&pool=behind").json().getJsonArray("items"))
        .isEmpty();
    Answer token = rig.post("/v1/token", "{\"pool\":\"behind\"}");
    assertThat(token.json().getJsonObject("account").getLong("id")).isEqualTo(good);
    assertThat(token.json().getJsonArray("warnings").encode()).contains("proxy_suspended");
    Answer none = rig.post("/v1/token", "{\"pool\":\"behind\",\"exclude\":[%d]}".formatted(good));
    assertThat(none.code()).isEqualTo("pool_exhausted");
    assertThat(none.json().containsKey("until")).isFalse();

    rig.call("PATCH", "/v1/proxies/" + proxy, "{\"disabled\":false}");

    assertThat(counts("behind").getInteger("usable")).isEqualTo(2);
    assertThat(rig.get("/v1/accounts/" + empty).json().getBoolean("schedulable")).isTrue();
  }

  @Test
  void everyPlatformIsAPoolAndTheListIsPagedByName() {
    member("zebra", "z");
    List<String> all = names(rig.get("/v1/pools?limit=500"));
    assertThat(all).contains("other", "sample", "zebra").isSorted();

    Answer first = rig.get("/v1/pools?limit=1");
    String cursor = first.json().getString("next_cursor");
    assertThat(cursor).isEqualTo(all.getFirst());
    assertThat(names(rig.get("/v1/pools?limit=1&cursor=" + cursor))).containsExactly(all.get(1));
    assertThat(rig.get("/v1/pools?limit=500").json().getString("next_cursor")).isNull();
  }

  @Test
  void settingsAreStoredAlsoBeforeThereAreAccountsAndTheEtagGuardsThem() {
    assertThat(rig.get("/v1/pools/later").status()).isEqualTo(404);
    Answer set =
        rig.call("PUT", "/v1/pools/later", "{\"strategy\":\"round_robin\",\"max_switches\":7}");
    assertThat(set.status()).isEqualTo(200);
    String tag = set.header("ETag").orElseThrow();

    Answer seen = rig.get("/v1/pools/later");
    assertThat(seen.json().getString("strategy")).isEqualTo("round_robin");
    assertThat(seen.json().getInteger("max_switches")).isEqualTo(7);
    assertThat(seen.header("ETag")).contains(tag);
    assertThat(rig.post("/v1/token", "{\"pool\":\"later\"}").code()).isEqualTo("pool_exhausted");

    String body = "{\"strategy\":\"priority\"}";
    Answer changed = put("later", body, tag);
    assertThat(changed.json().getInteger("max_switches")).isEqualTo(3);
    assertThat(put("later", body, tag).status()).isEqualTo(412);
    assertThat(put("fresh", body, "\"5\"").status()).isEqualTo(412);
    String unset = rig.get("/v1/pools/sample").header("ETag").orElseThrow();
    assertThat(put("sample", body, unset).status()).isEqualTo(200);
    assertThat(put("sample", body, unset).status()).isEqualTo(412);
    assertThat(rig.ports.notices)
        .anyMatch(notice -> "later".equals(notice.pool()) && notice.account() == null);
    assertThat(rig.ports.audited).anyMatch(line -> line.contains("pool.changed"));
  }

  private Answer put(String pool, String body, String tag) {
    return rig.callAs(ApiRig.ADMIN_KEY, "PUT", "/v1/pools/" + pool, body, "If-Match", tag);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"strategy\":\"fastest\"} | 422 | /strategy",
        "{\"max_switches\":101} | 422 | /max_switches",
        "{\"max_switches\":-1} | 422 | /max_switches",
        "{\"max_switches\":\"3\"} | 400 | /max_switches",
        "{\"members\":[1]} | 400 | /members"
      })
  void aSettingThatCannotBeIsRefusedWithItsPointer(String body, int status, String pointer) {
    Answer answer = rig.call("PUT", "/v1/pools/sample", body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().getJsonArray("errors").encode()).contains("\"" + pointer + "\"");
  }

  @Test
  void aNameThatNoAccountCanHaveIsRefused() {
    assertThat(rig.call("PUT", "/v1/pools/Big", "{}").status()).isEqualTo(422);
    assertThat(rig.call("PUT", "/v1/pools/" + "a".repeat(65), "{}").status()).isEqualTo(422);
  }

  @Test
  void aLimitedKeySeesItsOwnPoolsAndCountsItsOwnAccounts() {
    member("own", "own-1");
    long alone = member("foreign", "foreign-1");
    member("foreign", "foreign-2");
    Secret ofPool = rig.key(Set.of(Scope.values()), Set.of("own"), Set.of());
    assertThat(names(rig.callAs(ofPool, "GET", "/v1/pools", null))).containsExactly("own");
    assertThat(rig.callAs(ofPool, "GET", "/v1/pools/own", null).status()).isEqualTo(200);
    for (String hidden : List.of("foreign", "sample", "nowhere")) {
      assertThat(rig.callAs(ofPool, "GET", "/v1/pools/" + hidden, null).code())
          .as(hidden)
          .isEqualTo("not_found");
      assertThat(rig.callAs(ofPool, "PUT", "/v1/pools/" + hidden, "{}").code())
          .as(hidden)
          .isEqualTo("not_found");
    }
    assertThat(rig.callAs(ofPool, "PUT", "/v1/pools/own", "{}").status()).isEqualTo(200);

    Secret ofAccount = rig.key(Set.of(Scope.values()), Set.of(), Set.of(alone));
    assertThat(names(rig.callAs(ofAccount, "GET", "/v1/pools", null)))
        .containsExactly("foreign", "sample");
    JsonObject seen = rig.callAs(ofAccount, "GET", "/v1/pools/foreign", null).json();
    assertThat(seen.getJsonObject("counts").getInteger("total")).isOne();
    assertThat(rig.callAs(ofAccount, "PUT", "/v1/pools/foreign", "{}").status()).isEqualTo(403);
  }

  @Test
  void aProviderIsShownWithoutSecretsAndClosedToALimitedKey() {
    Answer one = rig.get("/v1/providers/sample");
    assertThat(one.status()).isEqualTo(200);
    assertThat(one.json().getString("state")).isEqualTo("up");
    assertThat(one.json().getJsonObject("refresh").getInteger("skew")).isPositive();
    assertThat(one.response().body()).doesNotContain("client-secret").doesNotContain("canary");
    assertThat(rig.get("/v1/providers").json().getJsonArray("items")).hasSize(2);
    assertThat(rig.get("/v1/providers/nowhere").code()).isEqualTo("not_found");
    Secret limited = rig.key(Set.of(Scope.values()), Set.of("own"), Set.of());
    assertThat(rig.callAs(limited, "GET", "/v1/providers", null).status()).isEqualTo(403);
    assertThat(rig.callAs(limited, "GET", "/v1/providers/sample", null).status()).isEqualTo(403);
  }

  @Test
  void deletingAPoolDeletesItsSettingsAndLeavesItsMembers() {
    member("emptied", "e-one");
    rig.call("PUT", "/v1/pools/emptied", "{\"strategy\":\"round_robin\",\"max_switches\":7}");

    assertThat(rig.call("DELETE", "/v1/pools/emptied", null).status()).isEqualTo(204);

    JsonObject left = rig.get("/v1/pools/emptied").json();
    assertThat(left.getString("strategy")).isEqualTo("priority");
    assertThat(left.getInteger("max_switches")).isEqualTo(3);
    assertThat(left.getJsonObject("counts").getInteger("total")).isOne();
    assertThat(rig.call("DELETE", "/v1/pools/emptied", null).status()).isEqualTo(204);
  }

  @Test
  void aPoolWithoutMembersIsGoneOnceItIsDeletedAndMayComeBack() {
    String settings = "{\"strategy\":\"round_robin\"}";
    String first = rig.call("PUT", "/v1/pools/gone", settings).header("etag").orElseThrow();
    String second = rig.call("PUT", "/v1/pools/gone", settings).header("etag").orElseThrow();
    assertThat(deleteIf("gone", first).status()).isEqualTo(412);
    assertThat(deleteIf("gone", second).status()).isEqualTo(204);

    assertThat(rig.get("/v1/pools/gone").status()).isEqualTo(404);
    assertThat(rig.call("DELETE", "/v1/pools/gone", null).status()).isEqualTo(404);
    assertThat(rig.get("/v1/pools").response().body()).doesNotContain("\"gone\"");

    rig.call("PUT", "/v1/pools/gone", settings);
    assertThat(rig.get("/v1/pools/gone").json().getString("strategy")).isEqualTo("round_robin");
  }

  private Answer deleteIf(String pool, String tag) {
    return rig.callAs(ApiRig.ADMIN_KEY, "DELETE", "/v1/pools/" + pool, null, "If-Match", tag);
  }
}
