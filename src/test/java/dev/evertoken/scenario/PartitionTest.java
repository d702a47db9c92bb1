package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.TcpFaultProxy;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two nodes that lose each other, but not PostgreSQL and Redis. */
final class PartitionTest {

  /** How they lose each other. */
  enum Cut {
    RESET,
    SILENT;

    void of(TcpFaultProxy way) {
      switch (this) {
        case RESET -> way.down();
        case SILENT -> way.blackHole();
      }
    }
  }

  /** What the scenario allows for both views to agree. */
  private static final Duration AGREE = Duration.ofSeconds(5);

  /** {@code cache.near.max_age}, and what a busy machine adds. */
  private static final Duration MAX_AGE = Duration.ofSeconds(10).plusSeconds(3);

  private static Divided divided;

  @BeforeAll
  static void begin() {
    divided =
        new Divided(
            Map.of(
                "rotation",
                "none",
                "refresh",
                "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 4s}"));
  }

  @AfterAll
  static void end() {
    divided.close();
  }

  private static Talk talk(int node) {
    return divided.cluster().talk(node);
  }

  private static long ready() {
    NewFamily family = divided.cluster().provider().newFamily();
    return divided
        .cluster()
        .account(
            family.refreshToken(),
            body ->
                body.getJsonObject("credentials")
                    .put("access_token", family.accessToken().value())
                    .put("expires_at", Instant.now().plus(Duration.ofMinutes(50)).toString()));
  }

  private static void bench(int node, long id) {
    Answer set =
        talk(node)
            .put(
                "/v1/accounts/" + id + "/temp-unschedulable",
                new JsonObject().put("seconds", 600).put("reason", "while divided"));
    assertThat(set.status()).isEqualTo(200);
  }

  private static void awaitBenched(List<Long> ids) {
    for (int node = 0; node < 2; node++) {
      Talk talk = talk(node);
      ids.forEach(
          id -> Await.until("the bench of " + id, () -> talk.token(id).status() == 503, AGREE));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "79, 80 the bus and the cluster cut between two nodes: no bench is lost, an old generation"
          + " is served no longer than max_age, a refresh stays one; all heals by itself")
  void cut(Cut cut) {
    divide(cut, Duration.ZERO);
  }

  @Test
  @Tag("chaos-long")
  @DisplayName("80 cut for 30 s: no bench is lost, both views agree once it heals")
  void cutForLong() {
    divide(Cut.SILENT, Duration.ofSeconds(30));
  }

  private void divide(Cut cut, Duration time) {
    long here = ready();
    long there = ready();
    long replaced = ready();
    for (long id : List.of(here, there, replaced)) {
      assertThat(talk(0).token(id).status()).isEqualTo(200);
      assertThat(talk(1).token(id).status()).isEqualTo(200);
    }
    divided.between(cut::of);

    String old = talk(1).token(replaced).token();
    assertThat(talk(0).post("/v1/accounts/" + replaced + "/refresh", null).status()).isEqualTo(200);
    Await.until(
        "generation n is served no more",
        () -> !talk(1).token(replaced).token().equals(old),
        MAX_AGE);
    divided.awaitDivided();
    assertThat(talk(1).get("/metrics").body())
        .contains("evertoken_dependency_up{name=\"cluster\"} 0");
    bench(0, here);
    bench(1, there);
    assertOneRefresh();
    Await.pass(time);
    long late = ready();
    talk(1).token(late);
    bench(0, late);
    divided.between(TcpFaultProxy::restore);

    awaitBenched(List.of(here, there, late));
    divided.awaitWell();
    double before = divided.heard(1);
    long again = ready();
    Await.until("notices come again", () -> heardOf(again, before), Duration.ofSeconds(30));
    awaitBenched(List.of(here, there, late));
  }

  /** One notice may still be lost while the sides find each other again; later ones are not. */
  private static boolean heardOf(long id, double before) {
    bench(0, id);
    return divided.heard(1) > before;
  }

  private static void assertOneRefresh() {
    NewFamily family = divided.cluster().provider().newFamily();
    long id = divided.cluster().account(family.refreshToken(), body -> {});
    divided
        .cluster()
        .provider()
        .switches()
        .fault(family.id(), Endpoint.TOKEN, Fault.delayed(Duration.ofSeconds(1)));
    List<CompletableFuture<Answer>> asks =
        IntStream.range(0, 60).mapToObj(i -> talk(i % 2).asking(id)).toList();
    assertThat(asks).allMatch(ask -> ask.join().status() == 200);
    assertThat(asks.stream().map(ask -> ask.join().token()).distinct()).hasSize(1);
    assertThat(divided.cluster().provider().ledger().presentations(family.id())).hasSize(1);
  }
}
