package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Accounts given out by the file, on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExportTest {

  private static final String EXPORT = "/v1/accounts/export";

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private long made(String path, String body) {
    Answer made = rig.post(path, body);
    assertThat(made.status()).as(made.response().body()).isEqualTo(201);
    return made.json().getLong("id");
  }

  /** What a restored account must have of the one that was there. */
  private static JsonObject lasting(JsonObject account) {
    JsonObject lasting = account.copy();
    List.of("id", "created_at", "updated_at", "refresh_due_at", "generation")
        .forEach(lasting::remove);
    return lasting;
  }

  @Test
  void whatIsGivenOutWithSecretsComesBackAsItWas() {
    long proxy =
        made(
            "/v1/proxies",
            "{\"name\":\"px\",\"url\":\"http://us%20er:p%40%3Acanary@127.0.0.1:3\"}");
    List<Long> ids =
        List.of(
            made(
                "/v1/accounts",
                """
                {"name":"round-1","platform":"sample","priority":7,"paused":true,"pools":["trip"],
                 "rules":[{"status":429,"keywords":["quota"],"minutes":30}],
                 "proxy_id":%d,"credentials":{"refresh_token":"canary-rt-trip","project_id":"p",
                 "access_token":"canary-at-trip","expires_at":"2099-01-01T00:00:00Z","email":"a@b"}}
                """
                    .formatted(proxy)),
            made(
                "/v1/accounts",
                """
                {"name":"round-2","platform":"sample","type":"upstream","pools":["trip"],
                 "credentials":{"api_key":"canary-ak-trip"}}
                """),
            made(
                "/v1/accounts",
                """
                {"name":"round-3","platform":"other","pools":["trip"],
                 "credentials":{"access_token":"canary-at-only","expires_at":4070908800}}
                """));
    rig.call("PATCH", "/v1/accounts/" + ids.get(2), "{\"status\":\"disabled\"}");
    List<JsonObject> before = ids.stream().map(id -> rig.get("/v1/accounts/" + id).json()).toList();
    String file = rig.get(EXPORT + "?secrets=true&pool=trip").response().body();
    ids.forEach(id -> rig.call("DELETE", "/v1/accounts/" + id, null));

    Answer answer = rig.post("/v1/accounts/import", file);

    assertThat(answer.json().getInteger("created")).as(answer.response().body()).isEqualTo(3);
    assertThat(answer.json().getJsonArray("proxies").getJsonObject(0).getLong("proxy"))
        .isEqualTo(proxy);
    assertThat(answer.response().body()).doesNotContain("canary").doesNotContain("ignored");
    List<JsonObject> after =
        rig.get("/v1/accounts?pool=trip").json().getJsonArray("items").stream()
            .map(JsonObject.class::cast)
            .toList();
    for (JsonObject was : before) {
      assertThat(after.stream().map(ExportTest::lasting)).contains(lasting(was));
    }
    assertThat(rig.get(EXPORT + "?secrets=true&pool=trip").response().body())
        .contains("canary-rt-trip", "canary-at-trip", "canary-ak-trip", "canary-at-only")
        .contains("http://us%20er:p%40%3Acanary@127.0.0.1:3");
    assertThat(rig.post("/v1/accounts/import", file).json().getInteger("updated")).isEqualTo(3);
    rig.call("DELETE", "/v1/proxies/" + proxy + "?force=true", null);
    String orphaned = rig.get(EXPORT + "?secrets=true&name=round-1").response().body();
    assertThat(rig.post("/v1/accounts/import", orphaned).json().getInteger("failed"))
        .as("an account whose proxy is gone never comes back without one")
        .isEqualTo(1);
  }

  @Test
  void aProxyThatIsSwitchedOffComesBackSwitchedOff() {
    long proxy = made("/v1/proxies", "{\"name\":\"off\",\"url\":\"http://127.0.0.1:5\"}");
    rig.call("PATCH", "/v1/proxies/" + proxy, "{\"disabled\":true}");
    long id =
        made(
            "/v1/accounts",
            """
            {"name":"behind-off","platform":"sample","proxy_id":%d,
             "credentials":{"refresh_token":"canary-rt-off"}}
            """
                .formatted(proxy));
    String file = rig.get(EXPORT + "?secrets=true&name=behind-off").response().body();
    rig.call("DELETE", "/v1/accounts/" + id, null);
    rig.call("DELETE", "/v1/proxies/" + proxy, null);

    Answer answer = rig.post("/v1/accounts/import", file);

    assertThat(answer.json().getInteger("created")).as(answer.response().body()).isEqualTo(1);
    long back = answer.json().getJsonArray("proxies").getJsonObject(0).getLong("proxy");
    assertThat(back).isNotEqualTo(proxy);
    assertThat(rig.get("/v1/proxies/" + back).json().getBoolean("disabled")).isTrue();
  }

  @Test
  void withoutSecretsThereAreNoneAndTheImportOfItChangesNothing() {
    made("/v1/proxies", "{\"name\":\"shown\",\"url\":\"http://u:canary-px@127.0.0.1:4\"}");
    long id = rig.healthy("plain");
    Answer answer = rig.get(EXPORT + "?name=plain");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).contains("application/json");
    assertThat(answer.response().body()).doesNotContain("canary");
    JsonObject entry = answer.json().getJsonArray("accounts").getJsonObject(0);
    assertThat(entry.getLong("id")).isEqualTo(id);
    Answer imported = rig.post("/v1/accounts/import", answer.response().body());
    assertThat(imported.json().getInteger("skipped")).isEqualTo(1);
  }

  @Test
  void onlyAnAdministratorGetsSecretsAndThatIsAudited() {
    Secret reader = rig.key(Set.of(Scope.ACCOUNTS_READ), Set.of(), Set.of());
    assertThat(rig.callAs(reader, "GET", EXPORT, null).status()).isEqualTo(200);
    Answer refused = rig.callAs(reader, "GET", EXPORT + "?secrets=true", null);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("forbidden");
    assertThat(refused.header("WWW-Authenticate").orElse("")).contains("scope=\"admin\"");
    Secret limited = rig.key(Set.of(Scope.ADMIN), Set.of("trip"), Set.of());
    assertThat(rig.callAs(limited, "GET", EXPORT, null).status()).isEqualTo(403);
    assertThat(rig.callAs(limited, "GET", EXPORT + "?secrets=true", null).status()).isEqualTo(403);
    rig.get(EXPORT + "?secrets=true&name=nobody");
    assertThat(rig.ports.audited)
        .contains("key:admin accounts.exported null {secrets=true}")
        .noneMatch(line -> line.contains("canary"));
  }

  @Test
  void manyPagesAreOneFileInEitherForm() {
    String many =
        IntStream.range(0, 450)
            .mapToObj(
                i ->
                    "{\"name\":\"page-%d\",\"platform\":\"other\",\"pools\":[\"book\"],\"credentials\":{\"refresh_token\":\"canary-rt-page-%d\"}}"
                        .formatted(i, i))
            .collect(Collectors.joining("\n"));
    assertThat(rig.post("/v1/accounts/import", many).json().getInteger("created")).isEqualTo(450);
    Answer document = rig.get(EXPORT + "?secrets=true&pool=book");
    assertThat(document.json().getJsonArray("accounts")).hasSize(450);
    assertThat(document.json().getString("type")).isEqualTo("evertoken-accounts");
    Answer lines = rig.get(EXPORT + "?secrets=true&pool=book&format=lines");
    assertThat(lines.header("content-type")).contains("application/x-ndjson");
    assertThat(lines.response().body().lines().map(JsonObject::new))
        .hasSize(450)
        .extracting(entry -> entry.getString("name"))
        .doesNotHaveDuplicates();
    assertThat(
            rig.post("/v1/accounts/import", lines.response().body()).json().getInteger("updated"))
        .isEqualTo(450);
    assertThat(rig.get(EXPORT + "?pool=nobody&format=lines").response().body()).isEmpty();
    assertThat(rig.get(EXPORT + "?pool=nobody").json().getJsonArray("accounts")).isEmpty();
  }
}
