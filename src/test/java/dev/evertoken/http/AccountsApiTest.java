package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Notice;
import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accounts over HTTP, on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccountsApiTest {

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private static String path(long id) {
    return "/v1/accounts/" + id;
  }

  @Test
  void whatWasCreatedIsShownWithoutItsSecrets() {
    Answer created =
        rig.post(
            "/v1/accounts",
            """
            {"name": "blue", "platform": "sample", "type": "oauth", "priority": 7, "paused": true,
             "pools": ["red", "red", "sample"], "credentials": {"refresh_token": "canary-rt-blue",
             "access_token": "canary-at-blue", "expires_at": "2099-01-01T00:00:00Z",
             "project_id": "p-1", "email": "a@b"}}
            """);
    assertThat(created.status()).isEqualTo(201);
    long id = created.json().getLong("id");
    assertThat(created.header("location")).contains(path(id));
    assertThat(created.header("etag")).isPresent();
    assertThat(created.response().body()).doesNotContain("canary");
    Answer shown = rig.get(path(id));
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.json()).isEqualTo(created.json());
    assertThat(shown.json().getJsonArray("pools")).isEqualTo(JsonArray.of("red"));
    assertThat(shown.json().getInteger("priority")).isEqualTo(7);
    assertThat(shown.json().getJsonArray("blocked_by").getJsonObject(0).getString("kind"))
        .isEqualTo("paused");
    assertThat(shown.json().getJsonObject("credentials").getBoolean("refresh_token")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"platform\":\"sample\"} | 400 | /name",
        "{\"name\":\"a\"} | 400 | /platform",
        "{\"name\":\"a\",\"platform\":\"nope\"} | 422 | /platform",
        "{\"name\":\"a\",\"platform\":\"sample\",\"type\":\"magic\"} | 422 | /type",
        "{\"name\":\"a\\u0007\",\"platform\":\"sample\"} | 422 | /name",
        "{\"name\":7,\"platform\":\"sample\"} | 400 | /name",
        "{\"name\":\"a\",\"platform\":\"sample\",\"extra\":1} | 400 | /extra",
        "{\"name\":\"a\",\"platform\":\"sample\",\"priority\":-1} | 422 | /priority",
        "{\"name\":\"a\",\"platform\":\"sample\",\"pools\":[\"A B\"]} | 422 | /pools",
        "{\"name\":\"a\",\"platform\":\"sample\",\"pools\":[\"other\"]} | 422 | /pools",
        "{\"name\":\"a\",\"platform\":\"sample\",\"proxy_id\":999} | 422 | /proxy_id",
        "{\"name\":\"a\",\"platform\":\"sample\",\"credentials\":{\"api_key\":\"k\"}} | 422 |"
            + " /credentials/api_key",
        "{\"name\":\"a\",\"platform\":\"sample\",\"credentials\":{\"refresh_token\":\"a\\r"
            + "\\n"
            + "b\"}} | 422 | /credentials/refresh_token",
        "{\"name\":\"a\",\"platform\":\"sample\",\"credentials\":{\"expires_at\":true}} | 400 |"
            + " /credentials/expires_at",
        "{\"name\":\"a\",\"platform\":\"sample\",\"type\":\"upstream\",\"credentials\":{\"refresh_token\":\"a\"}}"
            + " | 422 | /credentials"
      })
  void whatAnAccountCannotBeIsRefusedWithAPointerToIt(String body, int status, String pointer) {
    Answer answer = rig.post("/v1/accounts", body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().getJsonArray("errors").getJsonObject(0).getString("pointer"))
        .isEqualTo(pointer);
  }

  @Test
  void anUnknownPlatformIsAnsweredWithThoseThatAreKnown() {
    Answer answer = rig.post("/v1/accounts", "{\"name\":\"a\",\"platform\":\"canary\"}");
    assertThat(answer.response().body()).contains("other, sample").doesNotContain("canary");
  }

  @Test
  void aNameMayHaveTwoHundredCharactersAndNoMore() {
    String body = "{\"name\":\"%s\",\"platform\":\"sample\"}";
    assertThat(rig.post("/v1/accounts", body.formatted("é".repeat(200))).status()).isEqualTo(201);
    assertThat(rig.post("/v1/accounts", body.formatted("é".repeat(201))).status()).isEqualTo(422);
  }

  @ParameterizedTest(name = "[8] expires_at {0}")
  @ValueSource(strings = {"null", "\"soon\"", "1795426800000", "\"\"", "-5", "1e300"})
  void anExpiryThatCannotBeReadIsNone(String expiresAt) {
    long id =
        rig.account(
            "unreadable",
            """
            {"refresh_token": "canary-rt-%s", "access_token": "canary", "expires_at": %s}
            """
                .formatted(expiresAt.replaceAll("\\W", "_"), expiresAt));
    assertThat(rig.get(path(id)).json().getValue("expires_at")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4070908800", "\"4070908800\"", "4070908800.5", "\"2099-01-01T01:00:00+01:00\""})
  void anExpiryIsReadInEpochSecondsAndRfc3339(String expiresAt) {
    long id =
        rig.account(
            "readable", "{\"access_token\": \"canary\", \"expires_at\": %s}".formatted(expiresAt));
    assertThat(rig.get(path(id)).json().getString("expires_at")).isEqualTo("2099-01-01T00:00:00Z");
  }

  @ParameterizedTest(name = "[93] the same refresh token in {0}")
  @ValueSource(strings = {"sample"})
  void aRefreshTokenThatAnAccountHoldsIs409NamingIt(String platform) {
    long holder = rig.healthy("holder");
    Answer answer =
        rig.post(
            "/v1/accounts",
            """
            {"name": "second", "platform": "%s",
             "credentials": {"refresh_token": "canary-rt-of-holder"}}
            """
                .formatted(platform));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().getLong("account")).isEqualTo(holder);
    assertThat(answer.response().body()).doesNotContain("canary");
  }

  @Test
  void aRepeatedCreationWithTheSameKeyMakesOneAccount() {
    String body = "{\"name\":\"once\",\"platform\":\"sample\"}";
    String[] header = {"Idempotency-Key", "k-1"};
    Answer first = rig.callAs(ApiRig.ADMIN_KEY, "POST", "/v1/accounts", body, header);
    Answer second = rig.callAs(ApiRig.ADMIN_KEY, "POST", "/v1/accounts", body, header);
    assertThat(second.json().getLong("id")).isEqualTo(first.json().getLong("id"));
    Answer other =
        rig.callAs(
            ApiRig.ADMIN_KEY,
            "POST",
            "/v1/accounts",
            "{\"name\":\"other\",\"platform\":\"sample\"}",
            header);
    assertThat(other.status()).isEqualTo(422);
  }

  @Test
  void aPatchChangesWhatItGivesAndNothingElse() {
    long id = rig.healthy("patched");
    Answer patched =
        rig.call("PATCH", path(id), "{\"name\":\"renamed\",\"paused\":true,\"pools\":[\"x\"]}");
    assertThat(patched.status()).isEqualTo(200);
    assertThat(patched.json().getString("name")).isEqualTo("renamed");
    assertThat(patched.json().getBoolean("paused")).isTrue();
    assertThat(patched.json().getJsonObject("credentials").getBoolean("refresh_token")).isTrue();
    Answer back = rig.call("PATCH", path(id), "{\"paused\":null,\"pools\":null}");
    assertThat(back.json().getBoolean("paused")).isFalse();
    assertThat(back.json().getJsonArray("pools")).isEmpty();
    assertThat(back.json().getString("name")).isEqualTo("renamed");
  }

  @Test
  void nullClearsWhatAPatchGivesSo() {
    long id =
        rig.account(
            "cleared",
            """
            {"refresh_token": "canary-rt-cleared", "access_token": "canary", "project_id": "p",
             "email": "a@b", "expires_at": "2099-01-01T00:00:00Z"}
            """);
    Answer partly = rig.call("PATCH", path(id), "{\"credentials\":{\"project_id\":null}}");
    assertThat(partly.json().getValue("project_id")).isNull();
    assertThat(partly.json().getJsonObject("credentials").getBoolean("email")).isTrue();
    Answer whole = rig.call("PATCH", path(id), "{\"credentials\":null,\"priority\":null}");
    assertThat(whole.json().getJsonObject("credentials"))
        .allSatisfy(field -> assertThat(field.getValue()).isEqualTo(false));
    assertThat(whole.json().getInteger("priority")).isEqualTo(50);
    assertThat(rig.get(path(id) + "/token").status()).isEqualTo(424);
  }

  @Test
  void aCredentialThatAPatchDoesNotGiveStays() {
    long id = rig.healthy("partly");
    Answer patched = rig.call("PATCH", path(id), "{\"credentials\":{\"project_id\":\"p-9\"}}");
    assertThat(patched.json().getString("project_id")).isEqualTo("p-9");
    assertThat(rig.get(path(id) + "/token").json().getString("access_token"))
        .isEqualTo("canary-at-of-partly");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"platform\":\"other\"}",
        "{\"type\":\"upstream\"}",
        "{\"status\":\"error\"}",
        "{\"name\":null}",
        "{\"credentials\":{\"api_key\":\"k\"}}"
      })
  void whatCannotBeChangedIs422(String body) {
    assertThat(rig.call("PATCH", path(rig.healthy("fixed" + body.hashCode())), body).status())
        .isEqualTo(422);
  }

  @Test
  void aDisabledAccountGivesNoTokenAndComesBack() {
    long id = rig.healthy("switched");
    rig.call("PATCH", path(id), "{\"status\":\"disabled\"}");
    Answer refused = rig.get(path(id) + "/token");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("account_disabled");
    rig.call("PATCH", path(id), "{\"status\":\"active\"}");
    assertThat(rig.get(path(id) + "/token").status()).isEqualTo(200);
  }

  @Test
  void aChangeOfAnotherRevisionIs412() {
    long id = rig.healthy("guarded");
    String tag = rig.get(path(id)).header("etag").orElseThrow();
    String[] header = {"If-Match", tag};
    Answer first = rig.callAs(ApiRig.ADMIN_KEY, "PATCH", path(id), "{\"name\":\"g1\"}", header);
    assertThat(first.status()).isEqualTo(200);
    Answer second = rig.callAs(ApiRig.ADMIN_KEY, "PATCH", path(id), "{\"name\":\"g2\"}", header);
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.code()).isEqualTo("precondition_failed");
    assertThat(rig.callAs(ApiRig.ADMIN_KEY, "DELETE", path(id), null, header).status())
        .isEqualTo(412);
  }

  @Test
  void aDeletedAccountIsGoneAndItsTokenRevoked() {
    long id = rig.healthy("doomed");
    assertThat(rig.call("DELETE", path(id), null).status()).isEqualTo(204);
    assertThat(rig.get(path(id)).status()).isEqualTo(404);
    assertThat(rig.get(path(id) + "/token").status()).isEqualTo(404);
    assertThat(rig.call("DELETE", path(id), null).status()).isEqualTo(404);
    assertThat(rig.provider.revoked).contains("canary-rt-of-doomed");
    assertThat(rig.ports.notices)
        .anyMatch(
            notice ->
                notice.type() == Notice.Type.DELETED && Long.valueOf(id).equals(notice.account()));
  }

  @Test
  void aListComesInPagesAndByWhatIsAsked() {
    long first = rig.account("page-a", "{}");
    long second = rig.account("page-b", "{}");
    Answer page = rig.get("/v1/accounts?limit=1&cursor=" + (first - 1));
    JsonObject item = page.json().getJsonArray("items").getJsonObject(0);
    assertThat(item.getLong("id")).isEqualTo(first);
    String next = page.json().getString("next_cursor");
    Answer following = rig.get("/v1/accounts?limit=500&cursor=" + next);
    assertThat(following.json().getJsonArray("items").getJsonObject(0).getLong("id"))
        .isEqualTo(second);
    assertThat(following.json().getValue("next_cursor")).isNull();
    Answer named = rig.get("/v1/accounts?name=page-b");
    assertThat(named.json().getJsonArray("items")).hasSize(1);
    assertThat(rig.get("/v1/accounts?platform=other").json().getJsonArray("items")).isEmpty();
    assertThat(rig.get("/v1/accounts?limit=501").status()).isEqualTo(422);
    assertThat(rig.get("/v1/accounts?cursor=x").status()).isEqualTo(400);
  }

  @Test
  void everyChangeIsAuditedWithItsActor() {
    long id = rig.healthy("audited");
    rig.call("PATCH", path(id), "{\"name\":\"audited-2\"}");
    rig.call("DELETE", path(id), null);
    assertThat(rig.ports.audited)
        .anyMatch(line -> line.startsWith("key:admin account.created " + id))
        .anyMatch(
            line ->
                line.startsWith("key:admin account.changed " + id + " ")
                    && line.contains("fields=name"))
        .anyMatch(line -> line.startsWith("key:admin account.deleted " + id))
        .noneMatch(line -> line.contains("canary"));
  }
}
