package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.http.AccessMatrix.Limited;
import dev.evertoken.http.AccessMatrix.Row;
import dev.evertoken.http.AccessMatrix.Thing;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Each scope on each route, with and without limits, on an own account and on a foreign one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessMatrixTest {

  private static final String MISSING = "99999";
  private static final String CHALLENGE = "www-authenticate";

  private final ApiRig rig = new ApiRig();
  private final HttpClient client = HttpClient.newHttpClient();
  private int named;

  /** One answer; of a stream of events only its head. */
  private record Answer(int status, String body, HttpResponse<?> response) {

    String challenge() {
      return response.headers().firstValue(CHALLENGE).orElse("");
    }

    /** What it tells, but for what was asked for and the mark of the request. */
    String told(String it) {
      JsonObject json = new JsonObject(body);
      json.remove("trace_id");
      return status + " " + json.encode().replaceAll("\\b" + it + "\\b", "?");
    }
  }

  @AfterAll
  void stop() {
    client.close();
    rig.close();
  }

  @Test
  void everyRouteHasItsRow() {
    Set<String> rows = new TreeSet<>();
    AccessMatrix.ROWS.forEach(row -> rows.add(row.route() + " needs " + needs(row.scope())));
    Set<String> routes = new TreeSet<>();
    for (Endpoint endpoint : Endpoints.of(rig.services, new Flight())) {
      routes.add(endpoint.method() + " " + endpoint.path() + " needs " + needs(endpoint.scope()));
    }
    assertThat(rows)
        .as(
            "Every route of the API and its scope stand in AccessMatrix.ROWS, with what a key"
                + " without limits gets (the status) and what a limited one does; add or mend"
                + " the rows of those that differ here.")
        .isEqualTo(routes);
  }

  private static String needs(@Nullable Scope scope) {
    return scope == null ? "no key" : scope.wire();
  }

  @Test
  void aScopeOpensItsRoutesAndNoOther() {
    SoftAssertions softly = new SoftAssertions();
    for (Scope scope : Scope.values()) {
      Secret key = rig.key(Set.of(scope), Set.of(), Set.of());
      for (Row row : locked()) {
        boolean opens = scope == row.scope() || scope == Scope.ADMIN;
        Answer answer = call(key, row, opens ? own(row.thing()) : MISSING);
        softly
            .assertThat(answer.status())
            .as(scope.wire() + " on " + row.route() + ": " + answer.body())
            .isEqualTo(opens ? row.status() : 403);
        softly
            .assertThat(answer.challenge())
            .as(scope.wire() + " on " + row.route())
            .isEqualTo(
                opens
                    ? ""
                    : "Bearer realm=\"evertoken\", error=\"insufficient_scope\", scope=\""
                        + needs(row.scope())
                        + "\"");
      }
    }
    softly.assertAll();
  }

  @Test
  void withoutAKeyThatIsGoodEveryRouteButTheOpenOnesIs401() {
    Secret deleted = rig.key(Set.of(Scope.ADMIN), Set.of(), Set.of());
    Secret other = rig.key(Set.of(Scope.ADMIN), Set.of(), Set.of());
    String id = deleted.reveal().split("_", -1)[1];
    assertThat(rig.call("DELETE", "/v1/keys/" + id, null).status()).isEqualTo(204);
    List<Secret> bad =
        List.of(deleted, Secret.of(other.reveal() + "x"), Secret.of("evt_1_wrong"), Secret.of("x"));
    SoftAssertions softly = new SoftAssertions();
    for (Row row : AccessMatrix.ROWS) {
      boolean open = row.scope() == null;
      Answer none = call(null, row, MISSING);
      softly.assertThat(none.status()).as(row.route()).isEqualTo(open ? 200 : 401);
      softly
          .assertThat(none.challenge())
          .as(row.route())
          .isEqualTo(open ? "" : "Bearer realm=\"evertoken\"");
      for (Secret key : bad) {
        Answer answer = call(key, row, MISSING);
        softly.assertThat(answer.status()).as(row.route()).isEqualTo(open ? 200 : 401);
        softly
            .assertThat(answer.challenge())
            .as(row.route())
            .isEqualTo(open ? "" : "Bearer realm=\"evertoken\", error=\"invalid_token\"");
      }
    }
    softly.assertAll();
  }

  @Test
  @DisplayName("82 a limited key gets its own on each route; the rest looks missing, or is closed")
  void whatALimitedKeyGets() {
    SoftAssertions softly = new SoftAssertions();
    for (Row row : locked()) {
      String own = own(row.thing());
      for (Secret key : List.of(byPool(row), byAccount(row, own))) {
        String foreign = foreign(row.thing());
        String what = row.route() + " by a limited key";
        Answer there = call(key, row, foreign);
        Answer nowhere = call(key, row, MISSING);
        switch (row.limited()) {
          case CLOSED -> {
            softly.assertThat(there.status()).as(what).isEqualTo(403);
            softly.assertThat(nowhere.status()).as(what).isEqualTo(403);
            softly.assertThat(there.challenge()).as(what).startsWith("Bearer realm=");
          }
          case INSIDE -> {
            softly.assertThat(there.status()).as(what).isEqualTo(404);
            softly.assertThat(there.told(foreign)).as(what).isEqualTo(nowhere.told(MISSING));
          }
          case PARTLY -> softly.assertThat(there.body()).as(what).doesNotContain("theirs");
        }
      }
      if (row.limited() != Limited.CLOSED) {
        boolean ofAPool =
            Set.of("POST /v1/accounts", "PUT /v1/pools/{name}", "DELETE /v1/pools/{name}")
                .contains(row.route());
        softly
            .assertThat(call(byPool(row), row, own).status())
            .as(row.route() + " by a key limited to its pool")
            .isEqualTo(row.status());
        String another = own(row.thing());
        softly
            .assertThat(call(byAccount(row, another), row, another).status())
            .as(row.route() + " by a key limited to its account")
            .isEqualTo(ofAPool ? 403 : row.status());
      }
    }
    softly.assertAll();
  }

  private static List<Row> locked() {
    return AccessMatrix.ROWS.stream().filter(row -> row.scope() != null).toList();
  }

  private Secret byPool(Row row) {
    return rig.key(scopes(row), Set.of("mine"), Set.of());
  }

  private Secret byAccount(Row row, String own) {
    long account = Long.parseLong(row.thing() == Thing.ACCOUNT ? own : own(Thing.ACCOUNT));
    return rig.key(scopes(row), Set.of(), Set.of(account));
  }

  private static Set<Scope> scopes(Row row) {
    Scope scope = row.scope();
    return scope == null ? Set.of() : Set.of(scope);
  }

  /** Such a thing inside the limits of limited keys, where they are open to them. */
  private String own(Thing thing) {
    return switch (thing) {
      case NOTHING -> "";
      case ACCOUNT -> account("sample", "mine");
      case POOL -> pool("mine");
      case PROXY -> made("/v1/proxies", "{\"name\":\"px\",\"url\":\"http://127.0.0.1:1\"}");
      case KEY -> made("/v1/keys", "{\"name\":\"k\",\"scopes\":[\"token:read\"]}");
      case PROVIDER -> "sample";
    };
  }

  /** Such a thing that is there, outside the limits of every limited key. */
  private String foreign(Thing thing) {
    return switch (thing) {
      case ACCOUNT -> account("other", "theirs");
      case POOL -> pool("theirs");
      case PROVIDER -> "other";
      case NOTHING, PROXY, KEY -> own(thing);
    };
  }

  private String pool(String name) {
    String unused = account(name.equals("mine") ? "sample" : "other", name);
    assertThat(unused).isNotEmpty();
    return name;
  }

  private String account(String platform, String pool) {
    String name = pool + "-" + named++;
    return made(
        "/v1/accounts",
        """
        {"name": "%s", "platform": "%s", "pools": ["%s"], "credentials":
         {"refresh_token": "canary-rt-of-%s", "access_token": "canary-at", "expires_at": %d}}
        """
            .formatted(
                name, platform, pool, name, rig.time.instant().plusSeconds(2400).getEpochSecond()));
  }

  private String made(String path, String body) {
    ApiRig.Answer made = rig.post(path, body);
    assertThat(made.status()).as(made.response().body()).isEqualTo(201);
    return Long.toString(made.json().getLong("id"));
  }

  private Answer call(@Nullable Secret key, Row row, String it) {
    String body = row.body(it);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.port + row.path(it)))
            .timeout(Duration.ofSeconds(30))
            .method(
                row.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (key != null) {
      request.header("Authorization", "Bearer " + key.reveal());
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      return new Answer(response.statusCode(), body(response), response);
    } catch (Exception e) {
      throw new AssertionError(row.route(), e);
    }
  }

  /** A stream of events has no end. */
  private static String body(HttpResponse<InputStream> response) throws Exception {
    String type = response.headers().firstValue("content-type").orElse("");
    try (InputStream in = response.body()) {
      return type.startsWith("text/event-stream")
          ? ""
          : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
