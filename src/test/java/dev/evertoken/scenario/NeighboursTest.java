package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.AnswerFile;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.OddProvider;
import dev.evertoken.scenario.OddAccounts.Held;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What fails for one account is not held against its neighbours, and what fails for all is. */
final class NeighboursTest {
  private static final AnswerFile BROKEN = AnswerFile.json(500, "{\"error\":\"server_error\"}");

  private final OddProvider provider = new OddProvider();
  private final OddProvider other = new OddProvider();
  private final List<FakeProxy> proxies = new ArrayList<>();

  @RegisterExtension private final Service service = service();

  private final OddAccounts accounts = new OddAccounts(provider, service);
  private final OddAccounts elsewhere = new OddAccounts(other, service);

  private Service service() {
    Service made =
        new Service()
            .with("refresh.background", "true")
            .with("refresh.scan_interval", "200ms")
            .with("temp_unsched.duration", "1s");
    for (String name : List.of("mixed", "again", "paused", "throttled", "proxied")) {
      OddAccounts.platform(made, provider, name, "none");
    }
    OddAccounts.platform(made, other, "away", "none");
    return made;
  }

  @AfterEach
  void close() {
    proxies.forEach(FakeProxy::close);
    provider.close();
    other.close();
  }

  private FakeProxy proxy() {
    FakeProxy made = FakeProxy.http();
    proxies.add(made);
    return made;
  }

  private long registered(FakeProxy proxy) {
    return service
        .talk()
        .post("/v1/proxies", new JsonObject().put("name", "px").put("url", proxy.url()))
        .json()
        .getLong("id");
  }

  private String state(long proxy) {
    return service.talk().get("/v1/proxies/" + proxy).text("state");
  }

  private List<Held> behind(OddAccounts whose, OddProvider its, String platform, long proxy) {
    List<Held> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      made.add(whose.account(platform, its.grant(), "{\"proxy_id\":" + proxy + "}"));
    }
    return made;
  }

  @Test
  @DisplayName("two accounts that always fail close nothing for three that work")
  void twoBadOnes() {
    provider.answer(OddAccounts.good(4));
    List<Held> good = accounts.accounts("mixed", 3);
    accounts.awaitServed(good, Duration.ofSeconds(20));
    List<Held> bad = List.of(accounts.account("mixed", BROKEN), accounts.account("mixed", BROKEN));
    int before = provider.calls(good.getFirst().grant()).size();

    Await.until(
        () -> "all were tried some times: " + provider.calls().size(),
        () -> {
          good.forEach(held -> assertThat(accounts.isBlockedBy(held, "provider")).isFalse());
          assertThat(accounts.tokens(good).values()).allMatch(answer -> answer.status() == 200);
          return bad.stream().allMatch(held -> provider.calls(held.grant()).size() >= 9)
              && provider.calls(good.getFirst().grant()).size() >= before + 3;
        },
        Duration.ofSeconds(40));

    assertThat(bad).noneMatch(accounts::isInError);
    bad.forEach(held -> provider.answer(held.grant(), AnswerFile.PLAIN));
    accounts.awaitServed(bad, Duration.ofSeconds(20));
  }

  @Test
  @DisplayName("a proxy that cannot reach one platform stays up for another")
  void oneTargetAway() {
    long proxy = registered(proxy());
    other.down();
    List<Held> near = behind(accounts, provider, "proxied", proxy);
    List<Held> far = behind(elsewhere, other, "away", proxy);

    Await.until(
        "the route to the other platform is suspended",
        () -> far.stream().allMatch(held -> elsewhere.isBlockedBy(held, "provider")),
        Duration.ofSeconds(20));

    assertThat(state(proxy)).isEqualTo("up");
    accounts.awaitServed(near, Duration.ofSeconds(10));
    other.up();
    elsewhere.awaitServed(far, Duration.ofSeconds(20));
  }

  @Test
  @DisplayName("33 a dead proxy is suspended by several accounts, and back with all of them")
  void deadProxy() {
    FakeProxy dead = proxy();
    long proxy = registered(dead);
    dead.refuse();
    List<Held> all = behind(accounts, provider, "proxied", proxy);

    Await.until(
        "the proxy is suspended",
        () -> all.stream().allMatch(held -> accounts.isBlockedBy(held, "proxy")),
        Duration.ofSeconds(20));
    assertThat(all).noneMatch(accounts::isBenched);
    assertThat(provider.calls()).isEmpty();

    dead.mode(FakeProxy.Mode.FINE);
    accounts.awaitServed(all, Duration.ofSeconds(20));
  }

  @Test
  @DisplayName("a provider that is down for accounts behind many proxies is probed as one platform")
  void everyRouteDown() {
    other.down();
    List<Held> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      long proxy = registered(proxy());
      all.add(elsewhere.account("away", other.grant(), "{\"proxy_id\":" + proxy + "}"));
    }

    Await.until(
        () -> "the platform is suspended: " + service.talk().get("/v1/providers/away").body(),
        () -> service.talk().get("/v1/providers/away").text("state").equals("suspended"),
        Duration.ofSeconds(20));
    int dials = proxies.stream().mapToInt(FakeProxy::dials).sum();
    accounts.awaitServed(accounts.accounts("mixed", 1), Duration.ofSeconds(10));
    assertThat(proxies.stream().mapToInt(FakeProxy::dials).sum()).isLessThan(dials + 8);

    other.up();
    elsewhere.awaitServed(all, Duration.ofSeconds(20));
    assertThat(all).noneMatch(elsewhere::isBenched);
  }

  @Test
  @DisplayName("20 a 429 rests its route for a moment; another account's token frees all but one")
  void throttled() {
    AnswerFile pause =
        AnswerFile.of("429", "HTTP/1.1 429 Slow\nRetry-After: 60\nContent-Length: 0\n\n\n");
    Held first = accounts.account("throttled", pause);
    Await.until(
        "it is throttled", () -> !provider.calls(first.grant()).isEmpty(), Duration.ofSeconds(10));
    List<Held> others = accounts.accounts("throttled", 2);
    assertThat(accounts.token(others.getFirst()).code()).isEqualTo("provider_unavailable");

    accounts.awaitServed(others, Duration.ofSeconds(25));

    assertThat(accounts.token(first).status()).isEqualTo(503);
    assertThat(provider.calls(first.grant())).hasSize(1);
    assertThat(accounts.isInError(first)).isFalse();
    assertThat(accounts.isBenched(first)).isFalse();
  }

  @Test
  @DisplayName("a 503 with Retry-After is waited for, without retries before it")
  void retryAfter() {
    AnswerFile pause =
        AnswerFile.of("503", "HTTP/1.1 503 Later\nRetry-After: 3\nContent-Length: 0\n\n\n");
    Held held = accounts.account("paused", pause);

    Await.until(
        "it is tried again",
        () -> provider.calls(held.grant()).size() >= 2,
        Duration.ofSeconds(20));

    List<OddProvider.Call> calls = provider.calls(held.grant());
    assertThat(Duration.between(calls.get(0).at(), calls.get(1).at()))
        .isGreaterThan(Duration.ofMillis(2900));
    provider.answer(held.grant(), AnswerFile.PLAIN);
    accounts.awaitServed(List.of(held), Duration.ofSeconds(20));
  }

  @Test
  @DisplayName("after a healed outage one failure closes nothing, and a second outage does")
  void secondOutage() {
    provider.answer(OddAccounts.good(4));
    List<Held> all = accounts.accounts("again", 3);
    for (int outage = 0; outage < 2; outage++) {
      accounts.awaitServed(all, Duration.ofSeconds(20));
      provider.answer(BROKEN);
      Await.until(
          "the route is suspended",
          () -> all.stream().allMatch(held -> accounts.isBlockedBy(held, "provider")),
          Duration.ofSeconds(20));
      provider.answer(OddAccounts.good(4));
      accounts.awaitServed(all, Duration.ofSeconds(20));
      Await.until(
          "the route is open again",
          () -> all.stream().noneMatch(held -> accounts.isBlockedBy(held, "provider")),
          Duration.ofSeconds(20));

      Held one = all.getFirst();
      int before = provider.calls(one.grant()).size();
      provider.answer(one.grant(), BROKEN);
      Await.until(
          "it failed",
          () ->
              accounts.refresh(one).status() != 200 && provider.calls(one.grant()).size() > before,
          Duration.ofSeconds(10));
      assertThat(all).noneMatch(held -> accounts.isBlockedBy(held, "provider"));
      provider.sameForAll();
    }
  }
}
