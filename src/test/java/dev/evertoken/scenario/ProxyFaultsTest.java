package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.SynBlackHole;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyFaultsTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .acme("refresh", "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 6s}")
          .acme("breaker", "{max_failures: 5, reset_timeout: 2s}")
          .platform("kind", "rotation", "none")
          .platform("kind", "refresh", "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 3s}")
          .platform("lost", "token_url", "https://no-such-host.invalid/token");

  private long proxy(String url) {
    Answer created =
        service.talk().post("/v1/proxies", new JsonObject().put("name", "px").put("url", url));
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return created.json().getLong("id");
  }

  private long account(long proxy) {
    return service.account(service.provider().newFamily(), body -> body.put("proxy_id", proxy));
  }

  private String lastClass(long id) {
    return service.talk().account(id).getJsonObject("last_refresh").getString("class");
  }

  @Test
  @DisplayName("25 a proxy that refuses fails the ask after exactly one dial")
  void refused() {
    try (FakeProxy px = FakeProxy.http()) {
      long id = account(proxy(px.url()));
      px.refuse();

      Answer answer = service.talk().token(id);

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("proxy_unavailable");
      assertThat(answer.took()).isLessThan(Duration.ofSeconds(4));
      assertThat(lastClass(id)).isEqualTo("proxy");
      assertThat(service.calls()).isZero();
      assertThat(
              service.talk().account(id).getJsonObject("temp_unschedulable").getBoolean("active"))
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https", "socks5"})
  @DisplayName("26, 27 a proxy that never answers SYN fails within the connect deadline")
  void blackHole(String kind) {
    try (SynBlackHole hole = SynBlackHole.open()) {
      long id = account(proxy(kind + "://127.0.0.1:" + hole.port()));

      Answer answer = service.talk().token(id);

      assertThat(answer.code()).isEqualTo("proxy_unavailable");
      assertThat(answer.took()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("28 a proxy that never answers CONNECT fails within the connect deadline")
  void silentConnect() {
    try (FakeProxy px = FakeProxy.http()) {
      px.mode(FakeProxy.Mode.UNANSWERED);
      long id = account(proxy(px.url()));

      Answer answer = service.talk().token(id);

      assertThat(answer.code()).isEqualTo("proxy_unavailable");
      assertThat(answer.took()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("29 a 407 is the proxy's fault, is not repeated and is seen by the operator")
  void wrongPassword() {
    try (FakeProxy px = FakeProxy.http("user", "right")) {
      long id = account(proxy(px.url().replace("right", "wrong")));

      Answer answer = service.talk().token(id);

      assertThat(answer.code()).isEqualTo("proxy_unavailable");
      assertThat(lastClass(id)).isEqualTo("proxy");
      assertThat(px.dials()).isOne();
      assertThat(answer.body()).doesNotContain("wrong").contains("407");
    }
  }

  @Test
  @DisplayName("30 a provider whose name does not resolve is transient, and no proxy's fault")
  void dnsDead() {
    long id = service.account(service.provider().newFamily(), body -> body.put("platform", "lost"));

    Answer answer = service.talk().token(id);

    assertThat(answer.code()).isEqualTo("refresh_failed");
    assertThat(lastClass(id)).isEqualTo("transient");
  }

  @Test
  @DisplayName("31 a proxy that was deleted is never gone round")
  void missingProxy() {
    try (FakeProxy px = FakeProxy.http()) {
      long proxy = proxy(px.url());
      long id = account(proxy);
      assertThat(service.talk().delete("/v1/proxies/" + proxy).status()).isEqualTo(409);
      assertThat(service.talk().delete("/v1/proxies/" + proxy + "?force=true").status())
          .isEqualTo(204);

      Answer answer = service.talk().token(id);

      assertThat(answer.code()).isEqualTo("proxy_missing");
      assertThat(service.calls()).isZero();
    }
  }

  @Test
  @DisplayName("32 a proxy of an unknown kind is refused at once")
  void unknownKind() {
    Answer created =
        service
            .talk()
            .post(
                "/v1/proxies", new JsonObject().put("name", "px").put("url", "ftp://127.0.0.1:21"));

    assertThat(created.status()).isEqualTo(422);
    assertThat(created.body()).contains("socks5");
  }

  @Test
  @DisplayName("33 a dead proxy is suspended after a few dials, and all come back with it")
  void suspendsTheProxy() {
    try (FakeProxy px = FakeProxy.http()) {
      long proxy = proxy(px.url());
      List<Long> ids = IntStream.range(0, 30).mapToObj(i -> account(proxy)).toList();
      px.mode(FakeProxy.Mode.UNANSWERED);

      ids.stream()
          .map(id -> service.talk().asking(id))
          .toList()
          .forEach(ask -> assertThat(ask.join().status()).isGreaterThanOrEqualTo(500));
      int dials = px.dials();
      ids.forEach(
          id ->
              assertThat(
                      service
                          .talk()
                          .account(id)
                          .getJsonObject("temp_unschedulable")
                          .getBoolean("active"))
                  .isFalse());
      px.mode(FakeProxy.Mode.FINE);

      ids.forEach(
          id ->
              Await.until(
                  "account " + id + " is back",
                  () -> service.talk().token(id).status() == 200,
                  Duration.ofSeconds(30)));
      assertThat(dials).isLessThanOrEqualTo(5 + 30 / 2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks5"})
  @DisplayName("a proxy that is fine is gone through, with user and password")
  void fine(String kind) {
    try (FakeProxy px =
        kind.equals("http") ? FakeProxy.http("u", "p") : FakeProxy.socks5("u", "p")) {
      long id = account(proxy(px.url()));

      assertThat(service.talk().token(id).status()).isEqualTo(200);

      assertThat(px.dials()).isOne();
      assertThat(px.targets().getFirst()).endsWith(":" + service.provider().port());
      assertThat(service.talk().get("/v1/proxies").body()).doesNotContain("\"p\"");
    }
  }

  @Test
  @DisplayName(
      "91 a provider that never answers: the ask ends in time, then the account cools down")
  void hangs() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.hang());
    long id = service.account(service.provider().newFamily(), body -> body.put("platform", "kind"));

    Answer answer = service.talk().token(id, "max_wait_ms=1500");
    assertThat(answer.status()).isEqualTo(504);
    Await.until(
        "the refresh has ended",
        () -> service.talk().token(id).code().equals("temporarily_unschedulable"),
        Duration.ofSeconds(30));
    long calls = service.calls();
    for (int i = 0; i < 100; i++) {
      assertThat(service.talk().token(id).code()).isEqualTo("temporarily_unschedulable");
    }
    assertThat(service.calls()).isEqualTo(calls).isOne();
  }
}
