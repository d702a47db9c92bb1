package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LimitedKeysTest {

  private static final String MISSING = "99999";
  private static final List<String> EVERY_SCOPE =
      List.of(
          "token:read",
          "accounts:read",
          "accounts:write",
          "events:read",
          "audit:read",
          "metrics:read",
          "admin");

  /** A call of one account; {@code {id}} stands for the account. */
  private record Route(String method, String path, String body) {

    Answer on(Talk talk, String id) {
      return call(talk, method, path.replace("{id}", id), body.replace("{id}", id));
    }
  }

  private static final List<Route> OF_ONE_ACCOUNT =
      List.of(
          new Route("GET", "/v1/accounts/{id}/token", ""),
          new Route("GET", "/v1/accounts/{id}/token?include_benched=true&max_wait_ms=0", ""),
          new Route("POST", "/v1/token", "{\"account\":{id}}"),
          new Route("POST", "/v1/accounts/{id}/reports", "{\"generation\":1,\"status\":401}"),
          new Route("GET", "/v1/accounts/{id}", ""),
          new Route("PATCH", "/v1/accounts/{id}", "{\"name\":\"taken over\"}"),
          new Route("PATCH", "/v1/accounts/{id}", "{\"pools\":[\"mine\"]}"),
          new Route("POST", "/v1/accounts/{id}/refresh", "{}"),
          new Route("POST", "/v1/accounts/{id}/clear-error", "{}"),
          new Route("GET", "/v1/accounts/{id}/temp-unschedulable", ""),
          new Route(
              "PUT",
              "/v1/accounts/{id}/temp-unschedulable",
              "{\"seconds\":60,\"reason\":\"mine\"}"),
          new Route("DELETE", "/v1/accounts/{id}/temp-unschedulable", ""),
          new Route("DELETE", "/v1/accounts/{id}", ""));

  @RegisterExtension
  private final Service service = new Service().platform("other").platform("other", "pkce", "S256");

  private NewFamily hidden;
  private long inside;
  private long outside;

  @BeforeEach
  void twoAccounts() {
    inside = account("acme", service.provider().newFamily(), "mine");
    hidden = service.provider().newFamily();
    outside = account("other", hidden, "theirs");
  }

  private long account(String platform, NewFamily family, String pool) {
    return service.account(
        family,
        body -> {
          body.put("platform", platform).put("pools", new JsonArray().add(pool));
          body.getJsonObject("credentials")
              .put("access_token", family.accessToken().value())
              .put("expires_at", Instant.now().plus(Duration.ofMinutes(40)).toString());
        });
  }

  private Answer create(List<String> scopes, Map<String, Object> limits) {
    JsonObject key = new JsonObject().put("name", "limited").put("scopes", new JsonArray(scopes));
    limits.forEach(key::put);
    Answer created = service.talk().post("/v1/keys", key);
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return created;
  }

  private Talk with(List<String> scopes, Map<String, Object> limits) {
    return service.talk().as(create(scopes, limits).text("key"));
  }

  private List<Talk> limited() {
    return List.of(
        with(EVERY_SCOPE, Map.of("pools", new JsonArray().add("mine"))),
        with(EVERY_SCOPE, Map.of("accounts", new JsonArray().add(inside))));
  }

  private static Answer call(Talk talk, String method, String path, String body) {
    return switch (method) {
      case "GET" -> talk.get(path);
      case "DELETE" -> talk.delete(path);
      case "PUT" -> talk.put(path, new JsonObject(body));
      case "PATCH" -> talk.patch(path, new JsonObject(body));
      default -> talk.post(path, new JsonObject(body));
    };
  }

  /** What an answer tells, but for the id that was asked for and the mark of the request. */
  private static String told(Answer answer, String id) {
    JsonObject json = answer.json();
    json.remove("trace_id");
    return answer.status() + " " + json.encode().replace(id, "?");
  }

  @Test
  @DisplayName("82 an account outside a key's pools or accounts looks missing on every route")
  void looksMissing() {
    for (Talk talk : limited()) {
      for (Route route : OF_ONE_ACCOUNT) {
        Answer there = route.on(talk, Long.toString(outside));
        Answer nowhere = route.on(talk, MISSING);

        assertThat(there.status()).as(route + " " + there.body()).isEqualTo(404);
        assertThat(told(there, Long.toString(outside)))
            .as(route.toString())
            .isEqualTo(told(nowhere, MISSING));
      }
    }
    JsonObject untouched = service.talk().account(outside);
    assertThat(untouched.getLong("revision", 1L)).isEqualTo(1L);
    assertThat(untouched.getString("name")).isEqualTo("account-" + hidden.id());
    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName("82 pools and lists hold only what the key may see; another pool looks missing")
  void listsAndPools() {
    for (Talk talk : limited()) {
      assertThat(ids(talk.get("/v1/accounts"))).containsExactly(inside);
      assertThat(ids(talk.get("/v1/accounts?platform=other"))).isEmpty();
      assertThat(ids(talk.get("/v1/accounts?pool=theirs"))).isEmpty();
      for (String pool : List.of("theirs", "other")) {
        Answer there = talk.pool(pool, new JsonObject());
        Answer nowhere = talk.pool("nowhere", new JsonObject());
        assertThat(there.status()).isEqualTo(404);
        assertThat(told(there, pool)).isEqualTo(told(nowhere, "nowhere"));
      }
      assertThat(talk.pool("acme", new JsonObject()).json().getJsonObject("account").getLong("id"))
          .isEqualTo(inside);
      JsonArray results =
          talk.post(
                  "/v1/accounts/batch-refresh",
                  new JsonObject().put("ids", new JsonArray().add(outside).add(99999)))
              .json()
              .getJsonArray("results");
      assertThat(results)
          .hasSize(2)
          .allSatisfy(
              result ->
                  assertThat(((JsonObject) result).getJsonObject("problem").getString("code"))
                      .isEqualTo("not_found"));
    }
    assertThat(service.calls()).isZero();
  }

  private static List<Long> ids(Answer list) {
    return list.json().getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getLong("id"))
        .toList();
  }

  @Test
  @DisplayName("82 proxies, keys and metrics are closed to a limited key, whatever is there")
  void closedToLimitedKeys() {
    Answer proxy =
        service
            .talk()
            .post(
                "/v1/proxies",
                new JsonObject().put("name", "hidden").put("url", "http://127.0.0.1:1"));
    String one = Long.toString(proxy.json().getLong("id"));
    String key = Long.toString(create(List.of("token:read"), Map.of()).json().getLong("id"));
    for (Talk talk : limited()) {
      for (String list : List.of("/v1/proxies", "/v1/keys", "/metrics")) {
        assertThat(talk.get(list).status()).as(list).isEqualTo(403);
      }
      for (String id : List.of(one, MISSING)) {
        assertThat(talk.get("/v1/proxies/" + id).status()).isEqualTo(403);
        assertThat(talk.patch("/v1/proxies/" + id, new JsonObject().put("name", "x")).status())
            .isEqualTo(403);
        assertThat(talk.delete("/v1/proxies/" + id).status()).isEqualTo(403);
      }
      for (String id : List.of(key, MISSING)) {
        assertThat(talk.delete("/v1/keys/" + id).status()).isEqualTo(403);
      }
      assertThat(
              talk.post(
                      "/v1/keys",
                      new JsonObject()
                          .put("name", "more")
                          .put("scopes", new JsonArray().add("admin")))
                  .status())
          .isEqualTo(403);
      Answer mine = talk.patch("/v1/accounts/" + inside, json("proxy_id", Long.valueOf(one)));
      Answer none = talk.patch("/v1/accounts/" + inside, json("proxy_id", 99999L));
      assertThat(told(mine, one)).isEqualTo(told(none, MISSING));
      assertThat(mine.status()).isGreaterThanOrEqualTo(400);
    }
  }

  private static JsonObject json(String field, Object value) {
    return new JsonObject().put(field, value);
  }

  @Test
  @DisplayName("82 the refresh token of an account outside is refused without naming its holder")
  void hiddenHolder() {
    Talk talk = with(EVERY_SCOPE, Map.of("pools", new JsonArray().add("other").add("mine")));
    Talk blind = with(EVERY_SCOPE, Map.of("pools", new JsonArray().add("mine")));
    JsonObject twin =
        new JsonObject()
            .put("name", "twin")
            .put("platform", "other")
            .put("type", "oauth")
            .put("pools", new JsonArray().add("mine"))
            .put("credentials", new JsonObject().put("refresh_token", hidden.refreshToken()));

    Answer seen = talk.post("/v1/accounts", twin);
    Answer unseen = blind.post("/v1/accounts", twin);

    assertThat(seen.status()).isEqualTo(409);
    assertThat(seen.json().getLong("account")).isEqualTo(outside);
    assertThat(unseen.status()).isEqualTo(409);
    assertThat(unseen.json().containsKey("account")).isFalse();
    assertThat(unseen.body()).doesNotContain("\"" + outside + "\"").doesNotContain("theirs");

    Talk owner = with(EVERY_SCOPE, Map.of("accounts", new JsonArray().add(inside)));
    service.talk().patch("/v1/accounts/" + outside, json("name", "hidden"));
    JsonObject taken =
        json("platform", "acme")
            .put("name", "twin of mine")
            .put("type", "oauth")
            .put("credentials", new JsonObject().put("refresh_token", "rt-of-nobody-else"));
    long other = service.talk().post("/v1/accounts", taken).json().getLong("id");
    Answer patched =
        owner.patch(
            "/v1/accounts/" + inside, json("credentials", taken.getJsonObject("credentials")));
    assertThat(patched.status()).isEqualTo(409);
    assertThat(patched.json().containsKey("account")).isFalse();
    assertThat(patched.json().getString("detail")).doesNotContain(Long.toString(other));
  }

  @Test
  @DisplayName("82 a key without the scope gets 403 on every route, one that ended 401")
  void scopesAndEnds() {
    Talk onlyTokens = with(List.of("token:read"), Map.of());
    Talk onlyReads = with(List.of("accounts:read"), Map.of());
    Talk onlyMetrics = with(List.of("metrics:read"), Map.of());
    String id = Long.toString(inside);
    for (Route route : OF_ONE_ACCOUNT) {
      boolean token = route.path().contains("token") || route.path().endsWith("reports");
      boolean read = !token && route.method().equals("GET");
      if (!token) {
        assertRefused(route.on(onlyTokens, id), route);
      }
      if (!read) {
        assertRefused(route.on(onlyReads, id), route);
      }
      assertRefused(route.on(onlyMetrics, id), route);
    }
    assertThat(onlyTokens.get("/metrics").status()).isEqualTo(403);
    assertThat(onlyMetrics.get("/metrics").status()).isEqualTo(200);
    assertThat(onlyTokens.get("/v1/keys").status()).isEqualTo(403);
    assertThat(onlyTokens.token(inside).status()).isEqualTo(200);
    assertThat(service.talk().account(inside).getString("name")).startsWith("account-");

    Answer doomed = create(EVERY_SCOPE, Map.of());
    Talk talk = service.talk().as(doomed.text("key"));
    assertThat(talk.token(inside).status()).isEqualTo(200);
    assertThat(service.talk().delete("/v1/keys/" + doomed.json().getLong("id")).status())
        .isEqualTo(204);
    Answer ending =
        create(EVERY_SCOPE, Map.of("expires_at", Instant.now().plusSeconds(3600).toString()));
    Talk late = service.talk().as(ending.text("key"));
    end(ending.json().getLong("id"));
    for (Route route : OF_ONE_ACCOUNT) {
      assertThat(route.on(talk, id).status()).as(route.toString()).isEqualTo(401);
      assertThat(route.on(late, id).status()).as(route.toString()).isEqualTo(401);
      assertThat(route.on(service.talk().as("evt_1_wrong"), id).status()).isEqualTo(401);
    }
  }

  private static void assertRefused(Answer answer, Route route) {
    assertThat(answer.status()).as(route.toString()).isEqualTo(403);
    assertThat(answer.header("WWW-Authenticate").orElse("")).contains("insufficient_scope");
  }

  private void end(long key) {
    try (Connection connection = Jdbc.connect(service.database());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update api_keys set expires_at = clock_timestamp() - interval '1 second' where id = "
              + key);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
