package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init") // each test makes its family
final class ReportsTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .acme(
              "rules",
              "[{status: 429, keywords: [quota], minutes: 30}, {status: 418, minutes: 5},"
                  + " {status: 418, minutes: 50}]");

  private NewFamily family;

  private long ready() {
    family = service.provider().newFamily();
    return service.account(family, Duration.ofMinutes(40));
  }

  private static JsonObject seen(long generation, int status) {
    return new JsonObject().put("generation", generation).put("status", status);
  }

  private Answer report(long id, JsonObject seen) {
    Answer answer = service.talk().post("/v1/accounts/" + id + "/reports", seen);
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return answer;
  }

  private long generation(long id) {
    return service.talk().account(id).getLong("generation");
  }

  private JsonObject bench(long id) {
    return service.talk().get("/v1/accounts/" + id + "/temp-unschedulable").json();
  }

  private Duration left(long id) {
    return Duration.between(Instant.now(), Instant.parse(bench(id).getString("until")));
  }

  @Test
  @DisplayName("65, 97 a flood of reports of a 401 is one refresh, on whatever node they come")
  void flood() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.delayed(Duration.ofMillis(500)));
    long id = ready();
    service.start();
    String old = service.talk(1).token(id).token();
    long generation = generation(id);

    List<CompletableFuture<Answer>> reports =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    service
                        .talk(i % 2)
                        .posting("/v1/accounts/" + id + "/reports", seen(generation, 401)))
            .toList();
    CompletableFuture.allOf(reports.toArray(CompletableFuture[]::new)).join();

    assertThat(reports)
        .allSatisfy(
            done ->
                assertThat(done.join().text("action")).isIn("refresh", "ignored_stale_generation"));
    Answer after = service.talk().token(id);
    assertThat(after.status()).isEqualTo(200);
    assertThat(after.token()).isNotEqualTo(old);
    assertThat(after.json().getLong("generation")).isEqualTo(generation + 1);
    assertThat(service.calls()).isOne();
    Await.until(
        "the other node has it too",
        () -> service.talk(1).token(id).token().equals(after.token()),
        Duration.ofSeconds(20));
    assertThat(report(id, seen(generation, 401)).text("action"))
        .isEqualTo("ignored_stale_generation");
    assertThat(report(id, seen(generation, 429)).text("action"))
        .isEqualTo("ignored_stale_generation");
    assertThat(bench(id).getBoolean("active")).isFalse();
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("65 a second 401, on the new generation, benches; a retry was possible before it")
  void secondRefusal() {
    long id = ready();
    long generation = generation(id);
    assertThat(report(id, seen(generation, 401)).text("action")).isEqualTo("refresh");
    Answer retried = service.talk().token(id);
    assertThat(retried.status()).isEqualTo(200);

    Answer again = report(id, seen(retried.json().getLong("generation"), 401));

    assertThat(again.text("action")).isEqualTo("bench");
    assertThat(bench(id).getString("cause")).isEqualTo("unauthorized");
    assertThat(service.talk().token(id).text("cause")).isEqualTo("unauthorized");
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("65 a static key that is refused is benched, as there is nothing to refresh")
  void staticKey() {
    long id = service.staticAccount("K-1");

    assertThat(report(id, seen(generation(id), 401)).text("action")).isEqualTo("bench");

    assertThat(bench(id).getString("cause")).isEqualTo("unauthorized");
  }

  @Test
  @DisplayName(
      "403, 429, 503 and 529 bench for what the upstream asks, within bounds, else usually")
  void statuses() {
    record Case(int status, @Nullable Integer retryAfter, String cause, int from, int to) {}
    for (Case each :
        List.of(
            new Case(429, 90, "rate_limited", 60, 90),
            new Case(429, 86_400, "rate_limited", 840, 900),
            new Case(429, null, "rate_limited", 540, 600),
            new Case(503, 30, "overloaded", 10, 30),
            new Case(529, 120, "overloaded", 90, 120),
            new Case(403, 60, "unauthorized", 30, 60),
            new Case(403, null, "unauthorized", 540, 600))) {
      long id = ready();
      JsonObject seen = seen(generation(id), each.status()).put("retry_after", each.retryAfter());

      assertThat(report(id, seen).text("action")).as(each.toString()).isEqualTo("bench");

      assertThat(bench(id).getString("cause")).as(each.toString()).isEqualTo(each.cause());
      assertThat(left(id).toSeconds())
          .as(each.toString())
          .isBetween((long) each.from(), (long) each.to());
    }
    long id = ready();
    assertThat(report(id, seen(generation(id), 404)).text("action")).isEqualTo("none");
    assertThat(report(id, seen(generation(id), 200)).text("action")).isEqualTo("none");
    assertThat(bench(id).getBoolean("active")).isFalse();
    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName("the first rule of the platform that matches decides, before everything else")
  void rules() {
    long quota = ready();
    JsonObject seen = seen(generation(quota), 429).put("message", "Daily QUOTA exceeded");
    report(quota, seen.put("retry_after", 5));
    assertThat(bench(quota).getString("cause")).isEqualTo("rule");
    assertThat(left(quota).toMinutes()).isBetween(28L, 30L);
    assertThat(bench(quota).encode()).doesNotContain("exceeded");

    long teapot = ready();
    report(teapot, seen(generation(teapot), 418));
    assertThat(left(teapot).toMinutes()).isBetween(3L, 5L);
  }

  @Test
  @DisplayName("a rule of the account goes before those of its platform, and can be taken away")
  void ruleOfTheAccountFirst() {
    long id = ready();
    JsonArray rules =
        new JsonArray()
            .add(
                new JsonObject()
                    .put("status", 429)
                    .put("keywords", new JsonArray().add("QuoTa"))
                    .put("minutes", 120));
    Answer set = service.talk().patch("/v1/accounts/" + id, new JsonObject().put("rules", rules));
    assertThat(set.json().getJsonArray("rules")).isEqualTo(rules);

    report(id, seen(generation(id), 429).put("message", "no quota left"));

    assertThat(bench(id).getString("cause")).isEqualTo("rule");
    assertThat(left(id).toMinutes()).isBetween(118L, 120L);
    Answer none = service.talk().patch("/v1/accounts/" + id, new JsonObject().putNull("rules"));
    assertThat(none.json().getJsonArray("rules")).isEmpty();
    assertThat(service.talk().get("/v1/providers/acme").json().getJsonArray("rules")).hasSize(3);
  }

  @Test
  @DisplayName("a rule that cannot be is refused with its pointer")
  void badRules() {
    long id = ready();
    record Case(String rules, int status, String pointer) {}
    for (Case each :
        List.of(
            new Case("[{\"status\":200,\"minutes\":1}]", 422, "/rules/0/status"),
            new Case("[{\"status\":429,\"minutes\":0}]", 422, "/rules/0/minutes"),
            new Case("[{\"status\":429}]", 400, "/rules/0/minutes"),
            new Case("[{\"status\":429,\"minutes\":1},7]", 400, "/rules/1"),
            new Case("[{\"status\":429,\"minutes\":1,\"x\":1}]", 400, "/rules/0/x"),
            new Case(
                "[{\"status\":429,\"minutes\":1,\"keywords\":[3]}]", 400, "/rules/0/keywords/0"),
            new Case("{}", 400, "/rules"))) {
      Answer refused =
          service
              .talk()
              .patch("/v1/accounts/" + id, new JsonObject("{\"rules\":" + each.rules() + "}"));
      assertThat(refused.status()).as(refused.body()).isEqualTo(each.status());
      assertThat(refused.json().getJsonArray("errors").encode())
          .as(each.rules())
          .contains("\"" + each.pointer() + "\"");
    }
  }
}
