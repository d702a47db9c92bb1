package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.scenario.Hearing.Heard;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The stream of events: who hears what, and what a caller who comes back has missed. */
final class EventsTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .platform("other")
          .with("refresh.max_attempts", "1")
          .with("shutdown.grace", "8s");

  private long account(String platform, String pool) {
    NewFamily family = service.provider().newFamily();
    try (Hearing creation = service.talk().events("", "")) {
      long id =
          service.account(
              family,
              body -> body.put("platform", platform).put("pools", new JsonArray().add(pool)));
      creation.await("changed", 1);
      return id;
    }
  }

  private void rename(long account, String name) {
    Answer renamed =
        service.talk().patch("/v1/accounts/" + account, new JsonObject().put("name", name));
    assertThat(renamed.status()).as(renamed.body()).isEqualTo(200);
  }

  private Answer key(Map<String, Object> fields) {
    JsonObject key =
        new JsonObject().put("name", "k").put("scopes", new JsonArray().add("events:read"));
    fields.forEach(key::put);
    Answer created = service.talk().post("/v1/keys", key);
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return created;
  }

  private void sql(String statement) {
    try (Connection connection = Jdbc.connect(service.database());
        Statement run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("76 each state change is in the stream and in the audit, with actor and reason")
  void everyStateChange() {
    try (Hearing all = service.talk().events("", "")) {
      NewFamily family = service.provider().newFamily();
      long id = service.account(family);
      String one = "/v1/accounts/" + id;
      Talk talk = service.talk();
      assertThat(talk.post(one + "/refresh", null).status()).isEqualTo(200);
      service
          .provider()
          .switches()
          .fault(family.id(), Endpoint.TOKEN, Fault.error(503, "busy").times(1));
      assertThat(talk.post(one + "/refresh", null).status()).isEqualTo(503);
      all.await("temp_unsched_set", 1);
      assertThat(talk.post(one + "/refresh", null).status()).isEqualTo(200);
      all.await("recovered", 1);
      service
          .provider()
          .switches()
          .fault(family.id(), Endpoint.TOKEN, Fault.error(400, "invalid_grant").times(1));
      assertThat(talk.post(one + "/refresh", null).status()).isEqualTo(424);
      all.await("error", 1);
      NewFamily fresh = service.provider().newFamily();
      JsonObject credentials = new JsonObject().put("refresh_token", fresh.refreshToken());
      assertThat(talk.patch(one, new JsonObject().put("credentials", credentials)).status())
          .isEqualTo(200);
      all.await("recovered", 2);
      assertThat(talk.delete(one).status()).isEqualTo(204);
      all.await("deleted", 1);

      assertThat(all.types())
          .containsSubsequence(
              "changed",
              "refreshed",
              "temp_unsched_set",
              "refreshed",
              "recovered",
              "error",
              "recovered",
              "deleted");
      assertThat(all.events)
          .allSatisfy(event -> assertThat(event.data().getString("node")).isNotBlank())
          .filteredOn(event -> !event.type().equals("deleted"))
          .allSatisfy(event -> assertThat(event.data().getString("reason")).isNotBlank());
      List<Long> ids = all.events.stream().map(event -> Long.valueOf(event.id())).toList();
      assertThat(ids).isSorted().doesNotHaveDuplicates();

      List<JsonObject> audit = audited("?account=" + id + "&limit=100", 12);
      assertThat(audit.stream().map(entry -> entry.getString("action")).toList().reversed())
          .containsSubsequence(
              "account.created",
              "account.refresh",
              "account.refreshed",
              "account.benched",
              "account.refreshed",
              "account.recovered",
              "account.failed",
              "account.reauthorized",
              "account.deleted");
      assertThat(audit)
          .allSatisfy(
              entry -> {
                assertThat(entry.getString("actor")).matches("key:admin|node:.+");
                assertThat(entry.getString("reason")).as(entry.encode()).isNotBlank();
              });
      String told = all.events + " " + audit;
      assertThat(told).doesNotContain(fresh.refreshToken()).doesNotContain(family.refreshToken());
    }
  }

  private List<JsonObject> audited(String query, int atLeast) {
    Await.until(
        "the audit is written", () -> entries(query).size() >= atLeast, Duration.ofSeconds(20));
    return entries(query);
  }

  private List<JsonObject> entries(String query) {
    return service.talk().get("/v1/audit" + query).json().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  @Test
  void whoComesBackOnAnotherNodeMissesNothingAndHearsNothingTwice() {
    service.start();
    long id = account("acme", "mine");
    String last;
    try (Hearing before = service.talk(0).events("?types=changed", "")) {
      rename(id, "first");
      before.await("changed", 1);
      last = before.lastId();
    }
    for (int i = 0; i < 250; i++) {
      rename(id, "missed-" + i);
    }
    try (Hearing after = service.talk(1).events("?types=changed", last)) {
      after.await("changed", 250);
      rename(id, "last");
      List<Heard> heard = after.await("changed", 251);
      assertThat(heard).hasSize(251);
      List<Long> revisions = heard.stream().map(event -> event.data().getLong("revision")).toList();
      for (int i = 1; i < revisions.size(); i++) {
        assertThat(revisions.get(i)).isEqualTo(revisions.get(i - 1) + 1);
      }
    }
  }

  @Test
  void whoWasAwayForMoreThanAnHourIsToldToReadAgain() {
    long id = account("acme", "mine");
    String last;
    try (Hearing before = service.talk().events("", "")) {
      rename(id, "seen");
      before.await("changed", 1);
      last = before.lastId();
      rename(id, "missed");
      before.await("changed", 2);
    }
    sql("update changes set at = at - interval '61 minutes'");
    for (String lost : List.of(last, "999999999")) {
      try (Hearing after = service.talk().events("", lost)) {
        assertThat(after.await("reset", 1)).hasSize(1);
        rename(id, "news");
        after.await("changed", 1);
        assertThat(after.types()).containsExactly("reset", "changed");
      }
    }
  }

  @Test
  void aStreamCanBeNarrowedToTypesAndToAnAccount() {
    long one = account("acme", "mine");
    long other = account("acme", "mine");
    try (Hearing ofOne = service.talk().events("?account=" + one, "");
        Hearing ends = service.talk().events("?types=deleted,error", "")) {
      rename(other, "x");
      rename(one, "y");
      service.talk().delete("/v1/accounts/" + other);
      service.talk().delete("/v1/accounts/" + one);
      ofOne.await("deleted", 1);
      ends.await("deleted", 2);
      assertThat(ofOne.types()).containsExactly("changed", "deleted");
      assertThat(ofOne.events).allMatch(event -> event.data().getLong("account") == one);
      assertThat(ends.types()).containsExactly("deleted", "deleted");
    }
    assertThat(service.talk().get("/v1/events?types=deleted,nonsense").status()).isEqualTo(422);
    assertThat(service.talk().get("/v1/events?account=" + one).status()).isEqualTo(404);
    assertThat(service.talk().get("/v1/events?account=x").status()).isEqualTo(400);
    assertThat(service.talk().get("/v1/events?from=x").status()).isEqualTo(400);
    try (Hearing refused = service.talk().events("", "yesterday")) {
      assertThat(refused.status()).isEqualTo(400);
    }
  }

  @Test
  @DisplayName("82 a limited key hears of its own accounts only, also when it comes back")
  void limitedKeys() {
    long inside = account("acme", "mine");
    long outside = account("other", "theirs");
    List<Answer> keys =
        List.of(
            key(Map.of("pools", new JsonArray().add("mine"))),
            key(Map.of("accounts", new JsonArray().add(inside))));
    for (Answer key : keys) {
      Talk limited = service.talk().as(key.text("key"));
      String begin;
      try (Hearing live = limited.events("", "")) {
        begin = live.lastId();
        rename(outside, "hidden");
        rename(inside, "shown");
        live.await("changed", 1);
        assertThat(live.events).allMatch(event -> event.data().getLong("account") == inside);
      }
      try (Hearing again = limited.events("", begin)) {
        again.await("changed", 1);
        assertThat(again.events).hasSize(1);
        assertThat(again.events).allMatch(event -> event.data().getLong("account") == inside);
      }
      Answer there = limited.get("/v1/events?account=" + outside);
      Answer nowhere = limited.get("/v1/events?account=99999");
      assertThat(there.status()).isEqualTo(404);
      assertThat(there.json().getString("detail")).isEqualTo(nowhere.json().getString("detail"));
    }
  }

  @Test
  void silenceIsBrokenByACommentAndAnExpiredKeyEndsItsStream() {
    Answer ending = key(Map.of("expires_at", Instant.now().plusSeconds(3).toString()));
    try (Hearing quiet = service.talk().events("?types=deleted", "");
        Hearing ends = service.talk().as(ending.text("key")).events("", "")) {
      assertThat(ends.status()).isEqualTo(200);
      String before = quiet.lastId();
      rename(account("acme", "mine"), "passed over");
      Await.until("the stream has ended", ends::ended, Duration.ofSeconds(20));
      Await.until("a comment came", () -> quiet.comments() > 1, Duration.ofSeconds(30));
      assertThat(quiet.ended()).isFalse();
      assertThat(quiet.events).isEmpty();
      assertThat(quiet.lastId()).isNotEqualTo(before);
    }
  }

  @Test
  void aKeyHasSoManyStreamsAndNoMore() {
    Talk greedy = service.talk().as(key(Map.of()).text("key"));
    List<Hearing> open = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      open.add(greedy.events("", ""));
    }
    assertThat(open).allMatch(stream -> stream.status() == 200);
    assertThat(greedy.get("/v1/events").code()).isEqualTo("rate_limited");
    open.forEach(Hearing::close);
    Await.until(
        "there is room again",
        () -> {
          try (Hearing next = greedy.events("", "")) {
            return next.status() == 200;
          }
        });
  }

  @Test
  void aStreamEndsWithItsKey() {
    Answer doomed = key(Map.of());
    Answer stays = key(Map.of());
    try (Hearing ends = service.talk().as(doomed.text("key")).events("", "");
        Hearing goesOn = service.talk().as(stays.text("key")).events("", "")) {
      assertThat(service.talk().delete("/v1/keys/" + doomed.json().getLong("id")).status())
          .isEqualTo(204);
      Await.until("the stream has ended", ends::ended);
      assertThat(goesOn.ended()).isFalse();
    }
  }

  @Test
  @DisplayName("88 open streams end when the node drains, and hold it up not at all")
  void drains() {
    try (Hearing one = service.talk().events("", "");
        Hearing two = service.talk().events("", "")) {
      var stopped =
          CompletableFuture.supplyAsync(
              () -> service.node(0).stop().toCompletionStage().toCompletableFuture().join());
      Await.until("the streams have ended", () -> one.ended() && two.ended());
      Await.until("the node has stopped", stopped::isDone);
    }
  }
}
