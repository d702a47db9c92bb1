package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Three nodes, each a JVM of its own, in one cluster. */
final class ClusterTest {

  private static Cluster cluster;

  @BeforeAll
  static void begin() {
    cluster =
        Cluster.of(
            3,
            Map.of(
                "rotation",
                "none",
                "refresh",
                "{connect_timeout: 2s, tls_timeout: 2s, total_timeout: 4s, request_timeout: 20s}"));
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @AfterEach
  void noMoreFaults() {
    cluster.provider().switches().clearFaults();
  }

  private static long expired(NewFamily family) {
    return cluster.account(family.refreshToken(), body -> {});
  }

  private static long ready(NewFamily family) {
    return cluster.account(
        family.refreshToken(),
        body ->
            body.getJsonObject("credentials")
                .put("access_token", family.accessToken().value())
                .put("expires_at", Instant.now().plus(Duration.ofMinutes(50)).toString()));
  }

  @Test
  @DisplayName("46, 47 nine hundred asks on three nodes are one call, and all get its token")
  void oneCallInTheCluster() {
    NewFamily family = cluster.provider().newFamily();
    long id = expired(family);
    cluster
        .provider()
        .switches()
        .fault(family.id(), Endpoint.TOKEN, Fault.delayed(Duration.ofSeconds(2)));

    List<CompletableFuture<Answer>> asks =
        IntStream.range(0, 900).mapToObj(i -> cluster.talk(i % 3).asking(id)).toList();
    CompletableFuture.allOf(asks.toArray(CompletableFuture[]::new)).join();

    assertThat(asks).allMatch(ask -> ask.join().status() == 200);
    assertThat(asks.stream().map(ask -> ask.join().token()).distinct()).hasSize(1);
    assertThat(cluster.provider().ledger().presentations(family.id())).hasSize(1);
  }

  @Test
  @DisplayName("48 waiters whose wait ends get a 504, nobody is benched, and the refresh goes on")
  void waitersGiveUp() {
    NewFamily family = cluster.provider().newFamily();
    long id = expired(family);
    cluster
        .provider()
        .switches()
        .fault(family.id(), Endpoint.TOKEN, Fault.delayed(Duration.ofSeconds(2)));

    Answer early = cluster.talk(0).token(id, "max_wait_ms=300");
    Answer elsewhere = cluster.talk(1).token(id, "max_wait_ms=300");

    assertThat(List.of(early.code(), elsewhere.code())).containsOnly("refresh_timeout");
    assertThat(cluster.talk(2).token(id).status()).isEqualTo(200);
    assertThat(cluster.provider().ledger().presentations(family.id())).hasSize(1);
  }

  @Test
  @DisplayName("42, 43 a bench set or ended on one node holds on the others within a second")
  void benchesTravel() {
    long id = ready(cluster.provider().newFamily());
    for (int node = 0; node < 3; node++) {
      assertThat(cluster.talk(node).token(id).status()).isEqualTo(200);
    }
    String bench = "/v1/accounts/" + id + "/temp-unschedulable";

    cluster.talk(0).put(bench, new JsonObject().put("seconds", 600).put("reason", "tea"));
    for (int node = 1; node < 3; node++) {
      Talk other = cluster.talk(node);
      Await.until(
          "node " + node + " knows the bench",
          () -> other.token(id).status() == 503,
          Duration.ofSeconds(8));
    }

    cluster.talk(1).delete(bench);
    for (int node = 0; node < 3; node++) {
      Talk other = cluster.talk(node);
      Await.until(
          "node " + node + " knows its end",
          () -> other.token(id).status() == 200,
          Duration.ofSeconds(8));
    }
  }

  @Test
  void aDeletedKeyEndsOnEveryNodeBeforeAnyAsksForItAgain() {
    Answer created =
        cluster
            .talk(0)
            .post(
                "/v1/keys",
                new JsonObject()
                    .put("name", "doomed")
                    .put("scopes", new JsonArray().add("accounts:read")));
    for (int node = 0; node < 3; node++) {
      assertThat(accounts(node, created)).isEqualTo(200);
    }

    Answer gone = cluster.talk(1).delete("/v1/keys/" + created.json().getLong("id"));

    assertThat(gone.status()).isEqualTo(204);
    assertThat(accounts(1, created)).isEqualTo(401);
    for (int node : new int[] {0, 2}) {
      // A node that is told nothing asks again after 3 s.
      Await.until(
          "node " + node + " knows that the key is gone",
          () -> accounts(node, created) == 401,
          Duration.ofSeconds(2));
    }
  }

  @Test
  void aKeyEndsOnEveryNodeWhenItExpires() {
    Answer created =
        cluster
            .talk(0)
            .post(
                "/v1/keys",
                new JsonObject()
                    .put("name", "short")
                    .put("scopes", new JsonArray().add("accounts:read"))
                    .put("expires_at", Instant.now().plusSeconds(3).toString()));
    for (int node = 0; node < 3; node++) {
      assertThat(accounts(node, created)).isEqualTo(200);
    }
    for (int node = 0; node < 3; node++) {
      int one = node;
      Await.until("the key has expired", () -> accounts(one, created) == 401);
    }
  }

  private static int accounts(int node, Answer key) {
    return cluster.talk(node).as(key.text("key")).get("/v1/accounts").status();
  }

  @Test
  @DisplayName("a bench and a pool's settings decide what every node picks, by notice")
  void poolsLearnOfBenches() {
    List<Long> ids =
        IntStream.range(0, 2).mapToObj(i -> ready(cluster.provider().newFamily())).toList();
    ids.forEach(
        id ->
            cluster
                .talk(0)
                .patch(
                    "/v1/accounts/" + id,
                    new JsonObject().put("pools", new JsonArray().add("shared"))));
    for (int node = 0; node < 3; node++) {
      Talk talk = cluster.talk(node);
      Await.until(
          "node " + node + " has both", () -> picked(talk) == ids.get(0), Duration.ofSeconds(8));
    }
    String bench = "/v1/accounts/" + ids.get(0) + "/temp-unschedulable";
    cluster.talk(1).put(bench, new JsonObject().put("seconds", 600).put("reason", "tea"));
    assertThat(picked(cluster.talk(1))).isEqualTo(ids.get(1));
    for (int node = 0; node < 3; node++) {
      Talk talk = cluster.talk(node);
      Await.until(
          "node " + node + " picks the other",
          () -> picked(talk) == ids.get(1),
          Duration.ofSeconds(8));
    }
    cluster.talk(2).delete(bench);
    cluster.talk(0).put("/v1/pools/shared", new JsonObject().put("strategy", "round_robin"));
    for (int node = 0; node < 3; node++) {
      Talk talk = cluster.talk(node);
      Await.until(
          "node " + node + " rotates",
          () -> {
            long before = picked(talk);
            return before != picked(talk);
          },
          Duration.ofSeconds(8));
    }
  }

  private static long picked(Talk talk) {
    Answer answer = talk.pool("shared", new JsonObject());
    return answer.status() == 200 ? answer.json().getJsonObject("account").getLong("id") : 0;
  }

  @Test
  @DisplayName("79 a node stops serving a token that another node replaced")
  void generationsTravel() {
    NewFamily family = cluster.provider().newFamily();
    long id = ready(family);
    String old = cluster.talk(1).token(id).token();

    assertThat(cluster.talk(0).post("/v1/accounts/" + id + "/refresh", new JsonObject()).status())
        .isEqualTo(200);

    Await.until(
        "node 1 serves the new token",
        () -> !cluster.talk(1).token(id).token().equals(old),
        Duration.ofSeconds(8));
  }

  @Test
  @DisplayName("51 a node killed in mid refresh: another one completes it after the claim")
  void killedInMidRefresh() {
    NewFamily family = cluster.provider().newFamily();
    cluster.provider().switches().change(family.id(), b -> b.rotation(ProviderRotation.none()));
    long id = expired(family);
    cluster.provider().switches().fault(family.id(), Endpoint.TOKEN, Fault.hang().times(1));
    int doomed = cluster.start();
    var _ = cluster.talk(doomed).asking(id);
    Await.until(
        "the provider has the request",
        () -> cluster.provider().ledger().presentations(family.id()).size() == 1,
        Duration.ofSeconds(20));

    cluster.node(doomed).kill9();

    Await.until(
        "another node has a token",
        () -> cluster.talk(0).token(id).status() == 200,
        Duration.ofSeconds(40));
    assertThat(cluster.provider().ledger().presentations(family.id())).hasSize(2);
  }

  @Test
  @DisplayName("95 a node frozen after its claim sends nothing when it resumes too late")
  void frozenBeforeSending() {
    NewFamily family = cluster.provider().newFamily();
    cluster.provider().switches().change(family.id(), b -> b.rotation(ProviderRotation.none()));
    long id = expired(family);
    int frozen = cluster.start("-Devertoken.failpoint=before_send:stop");
    CompletableFuture<Answer> stuck = cluster.talk(frozen).asking(id);
    Await.until(
        "another node took over",
        () -> cluster.talk(0).token(id, "max_wait_ms=25000").status() == 200,
        Duration.ofSeconds(60));
    assertThat(cluster.provider().ledger().presentations(family.id())).hasSize(1);
    String token = cluster.talk(0).token(id).token();

    Frozen.resume(cluster.node(frozen).pid());

    assertThat(stuck.join().token()).isEqualTo(token);
    assertThat(cluster.provider().ledger().presentations(family.id())).hasSize(1);
  }
}
