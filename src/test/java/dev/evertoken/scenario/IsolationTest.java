package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.Gate;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Law 11: one account's slowness is nobody else's. */
final class IsolationTest {

  @RegisterExtension
  private final Service service =
      new Service()
          .acme("limits", "{concurrency: 4, per_second: 1000}")
          .acme("refresh", "{total_timeout: 60s, request_timeout: 30s}")
          .platform("other")
          .platform("other", "limits", "{concurrency: 4, per_second: 1000}")
          .platform("narrow", "breaker", "{max_failures: 1}");

  private long account(String platform, NewFamily family) {
    return service.account(family, body -> body.put("platform", platform));
  }

  private long proxy(FakeProxy px) {
    return service
        .talk()
        .post("/v1/proxies", new JsonObject().put("name", "px").put("url", px.url()))
        .json()
        .getLong("id");
  }

  @Test
  @DisplayName("law 11: forty refreshes that hang at one platform delay no other platform")
  void platformsAreIndependent() {
    Gate gate = new Gate();
    List<NewFamily> slow =
        IntStream.range(0, 40).mapToObj(i -> service.provider().newFamily()).toList();
    slow.forEach(
        family ->
            service.provider().switches().fault(family.id(), Endpoint.TOKEN, Fault.held(gate)));
    List<CompletableFuture<Answer>> hanging =
        slow.stream().map(family -> service.talk().asking(account("acme", family))).toList();
    Await.until(
        "the platform's places are taken",
        () -> service.provider().ledger().inFlight() == 4,
        Duration.ofSeconds(20));

    for (int i = 0; i < 10; i++) {
      long id = account("other", service.provider().newFamily());
      assertThat(service.talk().token(id).status()).isEqualTo(200);
    }

    assertThat(hanging).noneMatch(CompletableFuture::isDone);
    gate.open();
    hanging.forEach(ask -> assertThat(ask.join().status()).isEqualTo(200));
  }

  @Test
  @DisplayName("law 11: thirty refreshes that hang in a proxy delay no account beside it")
  void routesAreIndependent() {
    try (FakeProxy px = FakeProxy.http()) {
      px.mode(FakeProxy.Mode.UNANSWERED);
      long proxy = proxy(px);
      List<Long> stuck =
          IntStream.range(0, 30)
              .mapToObj(
                  i ->
                      service.account(
                          service.provider().newFamily(), body -> body.put("proxy_id", proxy)))
              .toList();
      List<CompletableFuture<Answer>> hanging =
          stuck.stream().map(id -> service.talk().asking(id)).toList();
      Await.until("the proxy is dialled", () -> px.dials() > 0, Duration.ofSeconds(20));

      for (int i = 0; i < 10; i++) {
        long id = account("acme", service.provider().newFamily());
        assertThat(service.talk().token(id).status()).isEqualTo(200);
      }

      assertThat(service.calls()).isEqualTo(10);
      hanging.forEach(ask -> assertThat(ask.join().status()).isGreaterThanOrEqualTo(500));
    }
  }

  @Test
  @DisplayName("law 11: a hundred due accounts of a platform that hangs keep no other's waiting")
  void backgroundsAreIndependent() {
    Gate gate = new Gate();
    List<NewFamily> slow =
        IntStream.range(0, 100).mapToObj(i -> service.provider().newFamily()).toList();
    for (NewFamily family : slow) {
      service.provider().switches().fault(family.id(), Endpoint.TOKEN, Fault.held(gate));
      account("acme", family);
    }
    service.with("refresh.background", "true").with("refresh.scan_interval", "1s").start();
    Await.until(
        "the platform's places are taken", () -> gate.arrivals() >= 2, Duration.ofSeconds(20));

    long id = account("other", service.provider().newFamily());

    Await.until(
        "the other platform's account is refreshed",
        () -> service.talk().account(id).getLong("generation") > 1,
        // Before those that wait behind the hanging ones give up and make room.
        Duration.ofSeconds(20));
    assertThat(service.calls()).isLessThanOrEqualTo(9);
    gate.open();
  }

  @Test
  @DisplayName("law 11: a place on a route goes back with the answer, before PostgreSQL has stored")
  void placesGoBackWithTheAnswer() throws SQLException {
    Gate gate = new Gate();
    NewFamily family = service.provider().newFamily();
    service.provider().switches().fault(family.id(), Endpoint.TOKEN, Fault.held(gate));
    try (FakeProxy px = FakeProxy.http();
        Connection other = Jdbc.connect(service.database());
        Statement statement = other.createStatement()) {
      // A route by a proxy has as many places as failures suspend it: one.
      long proxy = proxy(px);
      Consumer<JsonObject> behind = body -> body.put("platform", "narrow").put("proxy_id", proxy);
      long unstored = service.account(family, behind);
      long next = service.account(service.provider().newFamily(), behind);
      CompletableFuture<Answer> asked = service.talk().asking(unstored);
      Await.until("its claim is taken", () -> gate.arrivals() == 1, Duration.ofSeconds(20));
      other.setAutoCommit(false);
      statement.execute("select from accounts where id = " + unstored + " for update");
      gate.open();

      Answer answer = service.talk().token(next);

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(service.talk().account(unstored).getLong("generation")).as("stored").isOne();
      other.rollback();
      asked.join();
      assertThat(service.talk().token(unstored).status()).isEqualTo(200);
      assertThat(service.calls()).isEqualTo(2);
    }
  }
}
