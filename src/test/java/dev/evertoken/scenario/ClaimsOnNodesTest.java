package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.Gate;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.Presentation;
import dev.evertoken.dev.ProviderRotation;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Frozen;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What one node began and another one meets: two nodes, each a JVM of its own, in one cluster. */
final class ClaimsOnNodesTest {

  private static final String QUICK =
      "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 2500ms, request_timeout: 20s}";
  private static final Duration LONG = Duration.ofSeconds(40);

  private static Cluster cluster;

  @BeforeAll
  static void begin() {
    cluster =
        Cluster.ofPlatforms(
            2,
            Map.of(
                "strict",
                Map.of("refresh", QUICK),
                "grace",
                Map.of("refresh", QUICK, "rotation", "{grace: 60s}")));
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @AfterEach
  void noMoreFaults() {
    cluster.provider().switches().clearFaults();
  }

  private static long account(NewFamily family, String platform, Duration left) {
    return cluster.account(
        family.refreshToken(),
        body ->
            body.put("platform", platform)
                .getJsonObject("credentials")
                .put("access_token", family.accessToken().value())
                .put("expires_at", Instant.now().plus(left).toString()));
  }

  private static CompletableFuture<Answer> refreshing(int node, long id) {
    return cluster.talk(node).posting("/v1/accounts/" + id + "/refresh", null);
  }

  private static Answer report(int node, long id, long generation, int status) {
    return cluster
        .talk(node)
        .post(
            "/v1/accounts/" + id + "/reports",
            new JsonObject().put("generation", generation).put("status", status));
  }

  private static long generation(Answer answer) {
    return answer.json().getLong("generation");
  }

  private static List<Presentation> presented(NewFamily family) {
    return cluster.provider().ledger().presentations(family.id());
  }

  private static List<String> causes(int node, long id) {
    JsonArray benches =
        cluster
            .talk(node)
            .get("/v1/accounts/" + id + "/temp-unschedulable")
            .json()
            .getJsonArray("benches");
    return benches.stream().map(bench -> ((JsonObject) bench).getString("cause")).toList();
  }

  private static void fault(NewFamily family, Fault fault) {
    cluster.provider().switches().fault(family.id(), Endpoint.TOKEN, fault);
  }

  @Test
  @DisplayName("41, 42 a refresh on another node ends the bench of the failed one and no other")
  void onlyItsOwnBench() {
    NewFamily family = cluster.provider().newFamily();
    long id = account(family, "strict", Duration.ofMinutes(50));
    long generation = generation(cluster.talk(1).token(id));
    assertThat(report(1, id, generation, 429).text("action")).isEqualTo("bench");
    fault(family, Fault.error(500, "broken").times(3));
    assertThat(refreshing(0, id).join().status()).isEqualTo(503);
    assertThat(causes(1, id)).containsExactlyInAnyOrder("rate_limited", "refresh_failed");

    assertThat(refreshing(1, id).join().status()).isEqualTo(200);

    assertThat(causes(0, id)).containsExactly("rate_limited");
    for (int node = 0; node < 2; node++) {
      Talk talk = cluster.talk(node);
      Await.until(
          "node " + node + " knows", () -> "rate_limited".equals(talk.token(id).text("cause")));
    }
  }

  @Test
  @DisplayName("49 a refresh that outlasts its claim keeps it by extending it")
  void extendsItsClaim() {
    NewFamily family = cluster.provider().newFamily();
    long id = account(family, "strict", Duration.ofMinutes(-1));
    int slow =
        cluster.start(
            "-Devertoken.failpoint=before_send:2900,before_send:2900:2,before_send:2900:3");
    fault(family, Fault.error(500, "broken").times(2));

    CompletableFuture<Answer> asked = cluster.talk(slow).asking(id);
    Await.until("it has failed once", () -> presented(family).size() == 1, LONG);
    Answer elsewhere = cluster.talk(0).token(id);

    assertThat(asked.join().status()).as(asked.join().body()).isEqualTo(200);
    assertThat(elsewhere.token()).isEqualTo(asked.join().token());
    assertThat(generation(elsewhere)).isEqualTo(2);
    assertThat(presented(family))
        .extracting(Presentation::outcome)
        .containsExactly(
            Presentation.Outcome.NOT_PROCESSED,
            Presentation.Outcome.NOT_PROCESSED,
            Presentation.Outcome.ROTATED);
    assertThat(presented(family)).extracting(Presentation::source).hasSize(3);
  }

  @Test
  @DisplayName(
      "50 a node that is frozen with its answer touches neither the claim of the node that took"
          + " over nor its newer token")
  void lateAnswer() {
    NewFamily family = cluster.provider().newFamily();
    cluster
        .provider()
        .switches()
        .change(
            family.id(), draft -> draft.rotation(ProviderRotation.grace(Duration.ofMinutes(1))));
    long id = account(family, "grace", Duration.ofMinutes(-1));
    int late = cluster.start("-Devertoken.failpoint=after_answer:stop");
    CompletableFuture<Answer> stuck = cluster.talk(late).asking(id);
    Await.until("it has its answer", () -> presented(family).size() == 1, LONG);
    Await.until("another node took over", () -> cluster.talk(0).token(id).status() == 200, LONG);
    Answer newer = cluster.talk(0).token(id);
    Gate gate = new Gate();
    fault(family, Fault.held(gate).times(1));
    CompletableFuture<Answer> running = refreshing(1, id);
    Await.until("a further refresh runs", () -> gate.arrivals() == 1, LONG);

    Frozen.resume(cluster.node(late).pid());

    assertThat(stuck.join().token()).isEqualTo(newer.token());
    assertThat(cluster.talk(late).token(id).token()).isEqualTo(newer.token());
    gate.open();
    assertThat(running.join().status()).as(running.join().body()).isEqualTo(200);
    assertThat(presented(family)).hasSize(3);
    assertThat(refreshing(0, id).join().status()).isEqualTo(200);
    assertThat(cluster.provider().ledger().endedByReuse(family.id())).isFalse();
  }

  @Test
  @DisplayName("65 a 401 on one node is one refresh, and the refused token is answered by none")
  void reportedOnOneNode() {
    NewFamily family = cluster.provider().newFamily();
    long id = account(family, "strict", Duration.ofMinutes(40));
    Answer before = cluster.talk(0).token(id);
    assertThat(cluster.talk(1).token(id).token()).isEqualTo(before.token());
    long generation = generation(before);

    assertThat(report(0, id, generation, 401).text("action")).isEqualTo("refresh");

    for (int node = 0; node < 2; node++) {
      Talk talk = cluster.talk(node);
      Await.until(
          "node " + node + " answers another token",
          () -> !before.token().equals(talk.token(id).token()));
    }
    assertThat(report(1, id, generation, 401).text("action")).isEqualTo("ignored_stale_generation");
    assertThat(presented(family)).hasSize(1);
    long next = generation(cluster.talk(1).token(id));
    assertThat(report(1, id, next, 401).text("action")).isEqualTo("bench");
    assertThat(causes(0, id)).contains("unauthorized");
  }

  @Test
  @DisplayName("101 strict: after a cut no node sends the refresh token again before its time")
  void strictOnAllNodes() {
    NewFamily family = cluster.provider().newFamily();
    long id = account(family, "strict", Duration.ofMinutes(10));
    fault(family, Fault.drop().times(1));
    refreshing(0, id).join();

    for (int i = 0; i < 6; i++) {
      Answer answer = cluster.talk(i % 2).token(id);
      assertThat(answer.token()).isEqualTo(family.accessToken().value());
    }
    for (int node = 0; node < 2; node++) {
      Talk talk = cluster.talk(node);
      Await.until(
          "node " + node + " says so", () -> talk.token(id).warnings().contains("outcome_unknown"));
    }
    assertThat(presented(family)).hasSize(1);
  }
}
