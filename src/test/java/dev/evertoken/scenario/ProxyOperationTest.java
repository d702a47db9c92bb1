package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.SynBlackHole;
import dev.evertoken.rig.TestCertificate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator does with proxies: tests, suspensions seen from outside, switching off. */
final class ProxyOperationTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension
  private final Service service =
      new Service()
          .with("egress.ca_file", TestCertificate.shared().pem().certificate().toString())
          .acme("refresh", "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 6s}")
          .acme("breaker", "{max_failures: 5, reset_timeout: 2s}")
          .platform("unused", "token_url", "https://127.0.0.1:1/token");

  private long proxy(String url) {
    Answer created =
        service.talk().post("/v1/proxies", new JsonObject().put("name", "px").put("url", url));
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return created.json().getLong("id");
  }

  private long account(long proxy) {
    return service.account(service.provider().newFamily(), body -> body.put("proxy_id", proxy));
  }

  private JsonObject test(long proxy) {
    Answer answer = service.talk().post("/v1/proxies/" + proxy + "/test", null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.took()).isLessThan(Duration.ofSeconds(12));
    return answer.json();
  }

  private String state(int node, long proxy) {
    return service.talk(node).get("/v1/proxies/" + proxy).text("state");
  }

  @Test
  @DisplayName("34 a test goes through a living proxy of each kind to the token URLs in use")
  void testsTheLiving() {
    for (FakeProxy living :
        List.of(FakeProxy.http("u", "p"), FakeProxy.https("u", "p"), FakeProxy.socks5("u", "p"))) {
      try (living) {
        long proxy = proxy(living.url());
        account(proxy);

        JsonObject told = test(proxy);

        assertThat(told.getBoolean("success")).as(told.encode()).isTrue();
        assertThat(told.getInteger("latency_ms")).isNotNegative();
        assertThat(told.getValue("error")).isNull();
        assertThat(told.getJsonArray("targets")).hasSize(1);
        assertThat(living.targets()).containsExactly("127.0.0.1:" + service.provider().port());
      }
    }
    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName("34 a test of a dead proxy says within its bound what is wrong, whatever its kind")
  void testsTheDead() {
    try (SynBlackHole hole = SynBlackHole.open()) {
      List<Long> dead =
          List.of("http", "https", "socks5").stream()
              .map(kind -> proxy(kind + "://canary:canary-word@127.0.0.1:" + hole.port()))
              .toList();
      dead.forEach(this::account);
      for (long proxy : dead) {
        JsonObject told = test(proxy);

        assertThat(told.getBoolean("success")).isFalse();
        assertThat(told.getString("error")).contains("timed out");
        assertThat(told.encode()).doesNotContain("canary");
      }
    }
    try (FakeProxy silent = FakeProxy.socks5();
        FakeProxy closed = FakeProxy.http()) {
      silent.mode(FakeProxy.Mode.SILENT);
      closed.mode(FakeProxy.Mode.DENIED);
      long unanswered = proxy(silent.url());
      long refused = proxy(closed.url());
      account(unanswered);
      account(refused);
      assertThat(test(unanswered).getBoolean("success")).isFalse();
      assertThat(test(refused).getString("error")).contains("407");
      assertThat(service.talk().post("/v1/proxies/99/test", null).status()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName("34 a proxy that nobody uses is tested to every platform, and each is told apart")
  void testsTheUnused() {
    try (FakeProxy px = FakeProxy.http()) {
      JsonObject told = test(proxy(px.url()));

      assertThat(told.getBoolean("success")).isFalse();
      JsonArray targets = told.getJsonArray("targets");
      assertThat(targets).hasSize(2);
      for (Object each : targets) {
        JsonObject target = (JsonObject) each;
        boolean acme = target.getString("target").endsWith(":" + service.provider().port());
        assertThat(target.getBoolean("success")).as(target.encode()).isEqualTo(acme);
      }
    }
  }

  @Test
  @DisplayName("33 a dead proxy is known to every node, dialled by one prober, and back for all")
  void suspendedForAll() {
    try (FakeProxy px = FakeProxy.http()) {
      long proxy = proxy(px.url());
      List<Long> ids = IntStream.range(0, 10).mapToObj(i -> account(proxy)).toList();
      service.start();
      px.mode(FakeProxy.Mode.DROPPED);
      ids.forEach(id -> service.talk().token(id));
      assertThat(state(0, proxy)).isEqualTo("suspended");
      Await.until("the other node knows", () -> state(1, proxy).equals("suspended"), SOON);
      int dials = px.dials();
      assertThat(dials).isLessThanOrEqualTo(5 + 2);
      Instant until = until(ids.getFirst());
      for (long id : ids) {
        assertThat(service.talk(1).token(id).code()).isEqualTo("proxy_unavailable");
        assertThat(service.talk().account(id).getJsonArray("blocked_by").encode())
            .contains("\"kind\":\"proxy\"");
      }
      if (Instant.now().isBefore(until)) {
        assertThat(px.dials()).isLessThanOrEqualTo(dials + 1);
      }
      px.mode(FakeProxy.Mode.FINE);

      Await.until(
          "the proxy is back", () -> service.talk(1).token(ids.getFirst()).status() == 200, SOON);
      Await.until("on both nodes", () -> state(0, proxy).equals("up"), SOON);
      ids.forEach(id -> assertThat(service.talk(0).token(id).status()).isEqualTo(200));
    }
  }

  private Instant until(long account) {
    JsonObject blocker =
        (JsonObject) service.talk().account(account).getJsonArray("blocked_by").getValue(0);
    return Instant.parse(blocker.getString("until"));
  }

  @Test
  @DisplayName("33 of all that want a suspended proxy one tries it, on whatever node they ask")
  void oneProber() {
    try (FakeProxy px = FakeProxy.http()) {
      long proxy = proxy(px.url());
      List<Long> ids = IntStream.range(0, 20).mapToObj(i -> account(proxy)).toList();
      service.start();
      px.mode(FakeProxy.Mode.DROPPED);
      ids.subList(0, 8).forEach(id -> service.talk(0).token(id));
      Await.until("the other node knows", () -> state(1, proxy).equals("suspended"), SOON);
      px.mode(FakeProxy.Mode.UNANSWERED);
      int dials = px.dials();
      List<CompletableFuture<Answer>> asks = new ArrayList<>();
      Await.until(
          "it is tried again",
          () -> asks.add(service.talk(1).asking(ids.getFirst())) && px.dials() > dials,
          SOON);

      ids.forEach(id -> asks.add(service.talk(1).asking(id)));

      assertThat(asks).allMatch(ask -> ask.join().code().equals("proxy_unavailable"));
      assertThat(px.dials()).as("one, and one more if that took long").isBetween(dials, dials + 2);
    }
  }

  @Test
  @DisplayName("a suspended proxy is up again once it was got through, though the provider is down")
  void backBeforeTheProvider() {
    try (FakeProxy px = FakeProxy.http()) {
      long proxy = proxy(px.url());
      List<Long> ids = IntStream.range(0, 6).mapToObj(i -> account(proxy)).toList();
      px.mode(FakeProxy.Mode.DROPPED);
      ids.forEach(id -> service.talk().token(id));
      assertThat(state(0, proxy)).isEqualTo("suspended");
      service.provider().switches().fault(Endpoint.TOKEN, Fault.error(503, "down"));

      px.mode(FakeProxy.Mode.FINE);

      Await.until(
          "the proxy is up",
          () -> {
            service.talk().token(ids.getFirst());
            return state(0, proxy).equals("up");
          },
          SOON);
    }
  }

  @Test
  @DisplayName("a new address of a suspended proxy is tried at once")
  void mended() {
    try (FakeProxy dead = FakeProxy.http();
        FakeProxy px = FakeProxy.http()) {
      long proxy = proxy(dead.url());
      List<Long> ids = IntStream.range(0, 6).mapToObj(i -> account(proxy)).toList();
      dead.mode(FakeProxy.Mode.DROPPED);
      ids.forEach(id -> service.talk().token(id));
      assertThat(state(0, proxy)).isEqualTo("suspended");

      service.talk().patch("/v1/proxies/" + proxy, new JsonObject().put("url", px.url()));

      assertThat(state(0, proxy)).isEqualTo("up");
      assertThat(service.talk().token(ids.getFirst()).status()).isEqualTo(200);
      assertThat(px.dials()).isOne();
    }
  }

  @Test
  @DisplayName("31 a proxy that is switched off refuses, serves what is valid, and is never passed")
  void switchedOff() {
    try (FakeProxy px = FakeProxy.http()) {
      long proxy = proxy(px.url());
      long empty = account(proxy);
      NewFamily family = service.provider().newFamily();
      long valid = service.account(family, Duration.ofMinutes(40));
      service.talk().patch("/v1/accounts/" + valid, new JsonObject().put("proxy_id", proxy));
      Answer off =
          service.talk().patch("/v1/proxies/" + proxy, new JsonObject().put("disabled", true));
      assertThat(off.text("state")).isEqualTo("disabled");

      assertThat(service.talk().token(empty).code()).isEqualTo("proxy_missing");
      Answer served = service.talk().token(valid);
      assertThat(served.token()).isEqualTo(family.accessToken().value());
      assertThat(served.warnings()).contains("proxy_suspended");
      assertThat(px.dials()).isZero();
      assertThat(service.provider().ledger().calls(Endpoint.TOKEN)).isZero();

      service.talk().patch("/v1/proxies/" + proxy, new JsonObject().put("disabled", false));

      Await.until("it is used", () -> service.talk().token(empty).status() == 200, SOON);
      assertThat(px.dials()).isOne();
    }
  }
}
