package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.boot.Node;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PoolsTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension private final Service service = new Service();

  private long ready() {
    return ready(50);
  }

  private long ready(int priority) {
    NewFamily family = service.provider().newFamily();
    return service.account(
        family,
        body -> {
          body.put("priority", priority);
          body.getJsonObject("credentials")
              .put("access_token", family.accessToken().value())
              .put("expires_at", Instant.now().plus(Duration.ofMinutes(50)).toString());
        });
  }

  private long expired(int priority) {
    return service.account(service.provider().newFamily(), body -> body.put("priority", priority));
  }

  private static long picked(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().getJsonObject("account").getLong("id");
  }

  private static long pick(Talk talk) {
    return picked(talk.pool("acme", new JsonObject()));
  }

  private static long pick(Talk talk, String session) {
    return picked(talk.pool("acme", new JsonObject().put("session", session)));
  }

  private void bench(long id, int seconds) {
    service
        .talk()
        .put(
            "/v1/accounts/" + id + "/temp-unschedulable",
            new JsonObject().put("seconds", seconds).put("reason", "tea"));
  }

  private void settings(JsonObject settings) {
    assertThat(service.talk().put("/v1/pools/acme", settings).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("a pool gives the lowest priority first, in it who has a token, then the lowest id")
  void order() {
    long refreshes = expired(10);
    long second = ready(10);
    long third = ready(10);
    long last = ready(20);
    List<Long> order = new ArrayList<>();
    JsonArray exclude = new JsonArray();
    for (int i = 0; i < 4; i++) {
      long id = picked(service.talk().pool("acme", new JsonObject().put("exclude", exclude)));
      order.add(id);
      exclude.add(id);
    }

    assertThat(order).containsExactly(second, third, refreshes, last);
    assertThat(service.talk().pool("acme", new JsonObject().put("exclude", exclude)).code())
        .isEqualTo("pool_exhausted");
  }

  @Test
  @DisplayName("round_robin gives each account its turn, on every node once it has heard of it")
  void roundRobin() {
    List<Long> ids = IntStream.range(0, 4).mapToObj(i -> ready()).toList();
    service.start();
    assertThat(List.of(pick(service.talk()), pick(service.talk()))).containsOnly(ids.getFirst());

    settings(new JsonObject().put("strategy", "round_robin"));

    for (int node = 0; node < 2; node++) {
      Talk talk = service.talk(node);
      Await.until(
          "node " + node + " knows of it",
          () -> new HashSet<>(List.of(pick(talk), pick(talk), pick(talk), pick(talk))).size() == 4,
          SOON);
      Map<Long, Integer> turns = new HashMap<>();
      IntStream.range(0, 40).forEach(i -> turns.merge(pick(talk), 1, Integer::sum));
      assertThat(turns).hasSize(4).allSatisfy((id, n) -> assertThat(n).isEqualTo(10));
    }
  }

  @Test
  @DisplayName("81 a session keeps its account on every node and after a restart")
  void sessions() {
    for (int i = 0; i < 5; i++) {
      ready();
    }
    settings(new JsonObject().put("strategy", "round_robin"));
    Map<String, Long> homes = new HashMap<>();
    IntStream.range(0, 40).forEach(i -> homes.put("s-" + i, pick(service.talk(), "s-" + i)));
    assertThat(new HashSet<>(homes.values())).hasSize(5);

    service.start();

    for (int node = 0; node < 2; node++) {
      Talk talk = service.talk(node);
      homes.forEach((session, home) -> assertThat(pick(talk, session)).isEqualTo(home));
    }
  }

  @Test
  @DisplayName("81 a session moves away from a benched account, nobody else does, and home again")
  void sessionsMove() {
    for (int i = 0; i < 5; i++) {
      ready();
    }
    Talk talk = service.talk();
    Map<String, Long> homes = new HashMap<>();
    IntStream.range(0, 40).forEach(i -> homes.put("s-" + i, pick(talk, "s-" + i)));
    long out = pick(talk, "s-0");
    bench(out, 600);

    Map<String, Long> meanwhile = new HashMap<>();
    homes.keySet().forEach(session -> meanwhile.put(session, pick(talk, session)));
    assertThat(meanwhile.get("s-0")).isNotEqualTo(out).isEqualTo(pick(talk, "s-0"));
    homes.forEach(
        (session, home) -> {
          if (home != out) {
            assertThat(meanwhile.get(session)).isEqualTo(home);
          }
        });

    talk.delete("/v1/accounts/" + out + "/temp-unschedulable");
    homes.forEach((session, home) -> assertThat(pick(talk, session)).isEqualTo(home));
  }

  @Test
  @DisplayName("what is benched, paused, disabled, in error or deleted is not picked from then on")
  void outIsOut() {
    List<Long> ids = IntStream.range(0, 5).mapToObj(i -> ready()).toList();
    long dead = expired(10);
    Talk talk = service.talk();
    Node other = service.start();
    assertThat(other.httpPort()).isPositive();
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(400, "invalid_grant"));
    assertThat(talk.token(dead).status()).isEqualTo(424);
    assertThat(pick(talk)).isEqualTo(ids.get(0));

    bench(ids.get(0), 600);
    assertThat(pick(talk)).isEqualTo(ids.get(1));
    talk.patch("/v1/accounts/" + ids.get(1), new JsonObject().put("paused", true));
    assertThat(pick(talk)).isEqualTo(ids.get(2));
    talk.patch("/v1/accounts/" + ids.get(2), new JsonObject().put("status", "disabled"));
    assertThat(pick(talk)).isEqualTo(ids.get(3));
    talk.delete("/v1/accounts/" + ids.get(3));
    assertThat(pick(talk)).isEqualTo(ids.get(4));
    talk.patch(
        "/v1/accounts/" + ids.get(4),
        new JsonObject().put("pools", new JsonArray().add("elsewhere")));
    assertThat(picked(talk.pool("elsewhere", new JsonObject()))).isEqualTo(ids.get(4));

    // The other node has no bus: what it knows, it has read.
    Await.until("the other node knows it all", () -> pick(service.talk(1)) == ids.get(4), SOON);
    talk.delete("/v1/accounts/" + ids.get(0) + "/temp-unschedulable");
    assertThat(pick(talk)).isEqualTo(ids.get(0));
    assertThat(service.talk().get("/v1/pools/acme").json().getJsonObject("counts"))
        .isEqualTo(
            new JsonObject()
                .put("total", 5)
                .put("usable", 2)
                .put("benched", 0)
                .put("suspended", 0)
                .put("paused", 1)
                .put("error", 1)
                .put("disabled", 1));
  }

  @Test
  @DisplayName("a pool whose max_switches is 0 goes to no second account that must refresh")
  void maxSwitches() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(503, "down").times(3));
    long first = expired(10);
    long second = expired(20);
    settings(new JsonObject().put("max_switches", 0));

    Answer stopped = service.talk().pool("acme", new JsonObject());

    assertThat(stopped.status()).as(stopped.body()).isEqualTo(503);
    assertThat(stopped.code()).isNotEqualTo("pool_exhausted");
    assertThat(stopped.json().getLong("account")).isEqualTo(first);
    assertThat(service.calls()).isEqualTo(3);

    assertThat(pick(service.talk())).isEqualTo(second);
  }

  @Test
  @DisplayName("37 the pool's one answer names the earliest recovery, and how many are out")
  void exhausted() {
    long late = ready();
    long soon = ready();
    long paused = ready();
    bench(late, 900);
    bench(soon, 90);
    service.talk().patch("/v1/accounts/" + paused, new JsonObject().put("paused", true));

    Answer answer = service.talk().pool("acme", new JsonObject());

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("pool_exhausted");
    Instant until = Instant.parse(answer.text("until"));
    JsonObject bench = service.talk().get("/v1/accounts/" + soon + "/temp-unschedulable").json();
    assertThat(until).isEqualTo(Instant.parse(bench.getString("until")));
    assertThat(Long.parseLong(answer.header("Retry-After").orElseThrow())).isBetween(1L, 90L);
    assertThat(answer.json().getJsonObject("counts"))
        .isEqualTo(new JsonObject().put("benched", 2).put("paused", 1));
    assertThat(answer.json().getBoolean("retryable")).isTrue();
    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName("37 a pool whose accounts all hang ends within the caller's one budget")
  void oneBudget() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.hang());
    for (int i = 0; i < 6; i++) {
      expired(50);
    }

    Answer answer = service.talk().pool("acme", new JsonObject().put("max_wait_ms", 3000));

    assertThat(answer.status()).as(answer.body()).isGreaterThanOrEqualTo(503);
    assertThat(answer.took()).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(8));
    assertThat(service.calls()).isBetween(2L, 3L);
  }

  @Test
  @DisplayName("an account whose proxy is switched off comes last with its token, else not at all")
  void closedRoute() {
    long proxy =
        service
            .talk()
            .post(
                "/v1/proxies", new JsonObject().put("name", "px").put("url", "http://127.0.0.1:9"))
            .json()
            .getLong("id");
    long behind = ready(10);
    long direct = ready(20);
    service.talk().patch("/v1/accounts/" + behind, new JsonObject().put("proxy_id", proxy));
    service.start();
    assertThat(pick(service.talk(0))).isEqualTo(behind);
    assertThat(pick(service.talk(1))).isEqualTo(behind);

    service.talk().patch("/v1/proxies/" + proxy, new JsonObject().put("disabled", true));

    assertThat(pick(service.talk(0))).isEqualTo(direct);
    Await.until("the other node knows", () -> pick(service.talk(1)) == direct, SOON);
    bench(direct, 600);
    assertThat(pick(service.talk(0))).isEqualTo(behind);
    service.talk().delete("/v1/accounts/" + direct + "/temp-unschedulable");
    service.talk().patch("/v1/proxies/" + proxy, new JsonObject().put("disabled", false));
    assertThat(pick(service.talk(0))).isEqualTo(behind);

    assertThat(service.talk().delete("/v1/proxies/" + proxy + "?force=true").status())
        .isEqualTo(204);
    assertThat(pick(service.talk(0))).isEqualTo(direct);
    assertThat(service.talk().account(behind).getJsonArray("blocked_by").encode())
        .contains("\"kind\":\"proxy\"");
  }

  @Test
  @DisplayName("a demand that no account can meet tries a few of the pool, not all of it")
  void unattainable() {
    for (int i = 0; i < 8; i++) {
      long id = expired(50);
      assertThat(service.talk().token(id).status()).isEqualTo(200);
    }
    long calls = service.calls();

    Answer answer = service.talk().pool("acme", new JsonObject().put("min_ttl", 3500));

    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    assertThat(answer.body()).contains("/min_ttl");
    assertThat(service.calls()).isEqualTo(calls);
  }
}
