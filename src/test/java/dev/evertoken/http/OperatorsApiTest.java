package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.http.ApiRig.Answer;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies, keys, health and metrics over HTTP, and what a limited key sees of all of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperatorsApiTest {

  private static final Set<Scope> EVERY_SCOPE = Set.of(Scope.values());

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private long proxy(String url) {
    Answer created = rig.post("/v1/proxies", "{\"name\":\"px\",\"url\":\"%s\"}".formatted(url));
    assertThat(created.status()).isEqualTo(201);
    return created.json().getLong("id");
  }

  @Test
  void aProxyIsShownWithoutItsPassword() {
    Answer created =
        rig.post(
            "/v1/proxies", "{\"name\":\"px\",\"url\":\"socks5://user:canary%40pw@[::1]:1080\"}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.response().body()).doesNotContain("canary");
    assertThat(created.json().getString("url")).isEqualTo("socks5://user@[::1]:1080");
    assertThat(created.json().getString("state")).isEqualTo("up");
    Answer shown = rig.get("/v1/proxies/" + created.json().getLong("id"));
    assertThat(shown.json()).isEqualTo(created.json());
    assertThat(shown.header("etag")).isPresent();
  }

  @ParameterizedTest(name = "[32] {0}")
  @ValueSource(
      strings = {
        "ftp://h:1",
        "socks4://h:1",
        "http://h",
        "http://:1",
        "h:1",
        "http://h:0",
        "http://h:70000",
        "http://h:1/path",
        "http://h:1?q",
        "http://canary\\nuser:canary@h:1",
        "http://u:canary%0d%0ax@h:1",
        "http://2130706433:1",
        "http://a_b",
        "http://-a_b:1",
        "http://canary:%ff%fe@h:1",
        "http://%c3:canary@h:1",
        "socks5h://u:canary%e4@h:1"
      })
  void aProxyOfNoUsableAddressIs422AndNotRepeated(String url) {
    Answer answer = rig.post("/v1/proxies", "{\"name\":\"px\",\"url\":\"%s\"}".formatted(url));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.response().body()).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP://h:1, http://h:1",
    "Https://h:1, https://h:1",
    "socks5h://h:1, socks5://h:1",
    "SOCKS5H://user:pw@h:1, socks5://user@h:1",
    "http://my_proxy:3128, http://my_proxy:3128",
    "http://us%40er:p_w@my_proxy.internal_net:3128, http://us%40er@my_proxy.internal_net:3128",
    "http://u:p%C3%A4ss@h:1, http://u@h:1",
    "http://%C3%BC+x:p@h:1, http://%C3%BC%2Bx@h:1"
  })
  void aProxyIsKeptInOneForm(String given, String shown) {
    assertThat(rig.get("/v1/proxies/" + proxy(given)).json().getString("url")).isEqualTo(shown);
  }

  @Test
  void aProxyIsChangedInPart() {
    long id = proxy("http://user:canary@127.0.0.1:3128");
    Answer changed =
        rig.call("PATCH", "/v1/proxies/" + id, "{\"name\":\"renamed\",\"disabled\":true}");
    assertThat(changed.json().getString("name")).isEqualTo("renamed");
    assertThat(changed.json().getString("state")).isEqualTo("disabled");
    assertThat(changed.json().getBoolean("password_set")).isTrue();
    assertThat(changed.json().getString("url")).isEqualTo("http://user@127.0.0.1:3128");
  }

  @Test
  void aChangeOfAProxyOfAnotherRevisionIs412() {
    String path = "/v1/proxies/" + proxy("http://127.0.0.1:3131");
    String[] header = {"If-Match", rig.get(path).header("etag").orElseThrow()};
    assertThat(rig.callAs(ApiRig.ADMIN_KEY, "PATCH", path, "{\"name\":\"p1\"}", header).status())
        .isEqualTo(200);
    Answer late = rig.callAs(ApiRig.ADMIN_KEY, "PATCH", path, "{\"name\":\"p2\"}", header);
    assertThat(late.code()).isEqualTo("precondition_failed");
    for (String query : new String[] {"", "?force=true"}) {
      assertThat(rig.callAs(ApiRig.ADMIN_KEY, "DELETE", path + query, null, header).status())
          .isEqualTo(412);
    }
    assertThat(rig.get(path).json().getString("name")).isEqualTo("p1");
  }

  @Test
  void aProxyInUseIsDeletedByForceOnlyAndItsAccountsAreThenRefused() {
    long id = proxy("http://127.0.0.1:3129");
    long account = rig.account("behind", "{\"refresh_token\":\"canary-rt-behind\"}");
    Answer assigned = rig.call("PATCH", "/v1/accounts/" + account, "{\"proxy_id\":" + id + "}");
    assertThat(assigned.json().getLong("proxy_id")).isEqualTo(id);
    assertThat(rig.call("DELETE", "/v1/proxies/" + id, null).status()).isEqualTo(409);
    assertThat(rig.call("DELETE", "/v1/proxies/" + id + "?force=true", null).status())
        .isEqualTo(204);
    Answer refused = rig.get("/v1/accounts/" + account + "/token");
    assertThat(refused.code()).isEqualTo("proxy_missing");
    assertThat(rig.provider.presented).doesNotContain("canary-rt-behind");
  }

  @Test
  void aProxyThatIsDeletedIsToldToBeDownOnlyWhereAccountsUseIt() {
    long unused = proxy("http://127.0.0.1:3134");
    long used = proxy("http://127.0.0.1:3134");
    long account = rig.account("left", "{}");
    rig.call("PATCH", "/v1/accounts/" + account, "{\"proxy_id\":" + used + "}");
    for (long id : new long[] {unused, used}) {
      assertThat(rig.call("DELETE", "/v1/proxies/" + id + "?force=true", null).status())
          .isEqualTo(204);
    }
    assertThat(rig.ports.notices)
        .filteredOn(notice -> notice.type() == Notice.Type.PROXY_DOWN)
        .extracting(Notice::proxy)
        .contains(used)
        .doesNotContain(unused);
  }

  @Test
  void aKeyIsShownOnceAndEndsWhenItIsDeleted() {
    Answer created =
        rig.post("/v1/keys", "{\"name\":\"ci\",\"scopes\":[\"accounts:read\"],\"pools\":[\"a\"]}");
    assertThat(created.status()).isEqualTo(201);
    Secret key = Secret.of(created.json().getString("key"));
    assertThat(rig.get("/v1/keys").response().body()).doesNotContain(key.reveal());
    assertThat(rig.callAs(key, "GET", "/v1/accounts", null).status()).isEqualTo(200);
    long id = created.json().getLong("id");
    Answer shown = rig.get("/v1/keys/" + id);
    assertThat(shown.header("etag")).isEqualTo(created.header("etag")).isPresent();
    assertThat(shown.response().body()).doesNotContain(key.reveal());
    assertThat(
            rig.callAs(ApiRig.ADMIN_KEY, "DELETE", "/v1/keys/" + id, null, "If-Match", "\"77\"")
                .status())
        .isEqualTo(412);
    assertThat(rig.call("DELETE", "/v1/keys/" + id, null).status()).isEqualTo(204);
    assertThat(rig.get("/v1/keys/" + id).status()).isEqualTo(404);
    assertThat(rig.callAs(key, "GET", "/v1/accounts", null).status()).isEqualTo(401);
    assertThat(rig.call("DELETE", "/v1/keys/" + id, null).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"k\",\"scopes\":[]}",
        "{\"name\":\"k\",\"scopes\":[\"everything\"]}",
        "{\"name\":\"k\",\"scopes\":[\"admin\"],\"expires_at\":\"2020-01-01T00:00:00Z\"}",
        "{\"name\":\"k\",\"scopes\":[\"admin\"],\"rate_per_second\":0}"
      })
  void aKeyThatOpensNothingIs422(String body) {
    assertThat(rig.post("/v1/keys", body).status()).isEqualTo(422);
  }

  @Test
  void aKeyWithoutAdminMakesNoKeys() {
    Secret key = rig.key(Set.of(Scope.ACCOUNTS_WRITE), Set.of(), Set.of());
    Answer answer = rig.callAs(key, "POST", "/v1/keys", "{\"name\":\"k\",\"scopes\":[\"admin\"]}");
    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void aLimitedKeyCannotTellAnAccountOutsideFromAMissingOne() {
    long outside = rig.healthy("outside");
    long inside = rig.healthy("inside");
    rig.call("PATCH", "/v1/accounts/" + inside, "{\"pools\":[\"mine\"]}");
    Secret key = rig.key(EVERY_SCOPE, Set.of("mine"), Set.of());
    for (String call :
        new String[] {
          "GET ",
          "DELETE ",
          "GET /token",
          "POST /refresh",
          "POST /clear-error",
          "GET /temp-unschedulable",
          "DELETE /temp-unschedulable"
        }) {
      String[] parts = call.split(" ", 2);
      Answer hidden = rig.callAs(key, parts[0], "/v1/accounts/" + outside + parts[1], null);
      Answer missing = rig.callAs(key, parts[0], "/v1/accounts/99999" + parts[1], null);
      assertThat(hidden.status()).as(call).isEqualTo(404);
      assertThat(hidden.json().getString("detail").replace("" + outside, "99999"))
          .as(call)
          .isEqualTo(missing.json().getString("detail"));
      assertThat(hidden.json().fieldNames()).isEqualTo(missing.json().fieldNames());
    }
    assertThat(rig.callAs(key, "GET", "/v1/accounts/" + inside + "/token", null).status())
        .isEqualTo(200);
    assertThat(rig.callAs(key, "GET", "/v1/accounts", null).json().getJsonArray("items"))
        .hasSize(1);
  }

  @Test
  void aLimitedKeyStaysInside() {
    long inside = rig.healthy("inner");
    rig.call("PATCH", "/v1/accounts/" + inside, "{\"pools\":[\"inner\"]}");
    rig.healthy("unseen");
    long proxy = proxy("http://127.0.0.1:3130");
    Secret key = rig.key(EVERY_SCOPE, Set.of("inner"), Set.of());
    String one = "/v1/accounts/" + inside;
    assertThat(rig.callAs(key, "PATCH", one, "{\"pools\":[\"inner\",\"b\"]}").status())
        .isEqualTo(403);
    assertThat(rig.callAs(key, "PATCH", one, "{\"pools\":[]}").status()).isEqualTo(403);
    assertThat(rig.callAs(key, "PATCH", one, "{\"proxy_id\":" + proxy + "}").status())
        .isEqualTo(422);
    String account = "{\"name\":\"n\",\"platform\":\"sample\",\"pools\":[%s],\"credentials\":%s}";
    assertThat(rig.callAs(key, "POST", "/v1/accounts", account.formatted("", "{}")).status())
        .isEqualTo(403);
    assertThat(
            rig.callAs(key, "POST", "/v1/accounts", account.formatted("\"inner\"", "{}")).status())
        .isEqualTo(201);
    Answer held =
        rig.callAs(
            key,
            "POST",
            "/v1/accounts",
            account.formatted("\"inner\"", "{\"refresh_token\":\"canary-rt-of-unseen\"}"));
    assertThat(held.status()).isEqualTo(409);
    assertThat(held.json().containsKey("account")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/proxies", "/v1/keys"})
  void proxiesAndKeysAreClosedToALimitedKey(String path) {
    Secret key = rig.key(EVERY_SCOPE, Set.of(), Set.of(1L));
    assertThat(rig.callAs(key, "GET", path, null).status()).isEqualTo(403);
  }

  @Test
  void healthIsOpenToAnybodyAndSaysWhatIsMissing() {
    Answer ready = rig.callAs(Secret.of("nobody"), "GET", "/health/ready", null);
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.response().body())
        .isEqualTo("{\"status\":\"degraded\",\"missing\":[\"redis\"]}");
    assertThat(rig.get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void metricsNeedTheirScope() {
    assertThat(
            rig.callAs(
                    rig.key(Set.of(Scope.TOKEN_READ), Set.of(), Set.of()), "GET", "/metrics", null)
                .status())
        .isEqualTo(403);
    Answer metrics =
        rig.callAs(
            rig.key(Set.of(Scope.METRICS_READ), Set.of(), Set.of()), "GET", "/metrics", null);
    assertThat(metrics.response().body()).isEqualTo("evertoken_sample 1\n");
    assertThat(metrics.header("content-type").orElseThrow()).startsWith("text/plain");
  }
}
