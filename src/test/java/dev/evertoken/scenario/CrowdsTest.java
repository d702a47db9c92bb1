package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.ServiceProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand callers at once. */
final class CrowdsTest {

  private static final int ENTRIES = 250;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(6);
  private static final Duration IN_TIME = REQUEST_TIMEOUT.plusSeconds(14);
  private static final Duration RECOVERY = Duration.ofSeconds(90);

  @RegisterExtension
  private final Service service =
      new Service()
          .with("shutdown.grace", "10s")
          .with("refresh.scan_interval", "1s")
          .acme("limits", "{concurrency: 100, per_second: 1000}")
          .acme("refresh", "{request_timeout: 6s, total_timeout: 10s}")
          .acme("rotation", "none")
          .asProcess();

  /** Creates accounts of {@code acme} with a family each; they have the ids from 1 on. */
  private List<Long> accounts(int count, Duration left) {
    long before = number("select count(*) from accounts");
    List<JsonObject> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NewFamily family = service.provider().newFamily();
      JsonObject credentials =
          new JsonObject()
              .put("refresh_token", family.refreshToken())
              .put("access_token", family.accessToken().value())
              .put("expires_at", Instant.now().plus(left).toString());
      entries.add(
          new JsonObject()
              .put("name", "account-" + family.id())
              .put("platform", "acme")
              .put("credentials", credentials));
    }
    for (int from = 0; from < count; from += ENTRIES) {
      JsonArray page = new JsonArray(entries.subList(from, Math.min(count, from + ENTRIES)));
      Answer done =
          service.talk().post("/v1/accounts/import", new JsonObject().put("accounts", page));
      assertThat(done.status()).as(done.body()).isEqualTo(200);
    }
    return LongStream.rangeClosed(before + 1, before + count).boxed().toList();
  }

  private long number(String sql) {
    try (Connection connection = Jdbc.connect(service.database());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private List<Answer> asked(List<Long> ids) {
    List<CompletableFuture<Answer>> asks =
        ids.stream().map(id -> service.talk().asking(id)).toList();
    return asks.stream().map(CompletableFuture::join).toList();
  }

  private static long lines(ServiceProcess process) {
    return process.log().lines().count();
  }

  @Test
  @DisplayName("1 500 accounts are asked for at once right after a start, with nothing cached")
  void coldBurst() {
    ServiceProcess first = service.process(plan -> plan);
    List<Long> ids = accounts(1500, Duration.ofMinutes(50));
    first.sigterm();
    first.exitCode(Duration.ofSeconds(30));
    ServiceProcess second = service.process(plan -> plan);
    assertThat(second.log()).doesNotContain("postgres_down");

    List<CompletableFuture<Answer>> asks =
        ids.stream().map(id -> service.talk(second).asking(id)).toList();

    assertThat(asks).allSatisfy(ask -> assertThat(ask.join().status()).isEqualTo(200));
    assertThat(second.log()).doesNotContain("postgres_down").doesNotContain("postgres_pool");
    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName(
      "1 000 accounts are waited for while their route is suspended: all callers are answered in"
          + " time, the outage is quiet, all accounts recover, SIGTERM drains")
  void waitingForASuspendedRoute() {
    ServiceProcess process = service.process(plan -> plan);
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(503, "server_error"));
    List<Long> ids = accounts(1000, Duration.ZERO);
    assertThat(number("select count(*) from suspensions")).isZero();

    List<Answer> answers = asked(ids);

    assertThat(number("select count(*) from suspensions")).isOne();
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.status()).as(answer.body()).isIn(503, 504);
              assertThat(answer.took()).isLessThan(IN_TIME);
            });
    ServiceProcess background =
        service.process(plan -> plan.with("EVERTOKEN_REFRESH_BACKGROUND", "true"));
    long written = number("select sum(revision) from accounts");
    long calls = service.calls();
    long logged = lines(background);
    asked(ids);
    assertThat(service.calls() - calls).as("probes").isLessThan(20);
    assertThat(number("select sum(revision) from accounts") - written)
        .as("what the probes wrote")
        .isLessThan(200);
    assertThat(lines(background) - logged).as("lines of log").isLessThan(100);

    service.provider().switches().clearFaults(Endpoint.TOKEN);
    Await.until(
        "all accounts are refreshed",
        () -> number("select count(*) from accounts where generation = 2") == ids.size(),
        RECOVERY);
    assertThat(asked(ids)).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
    assertThat(number("select count(*) from accounts where claim_attempt is not null")).isZero();

    for (ServiceProcess each : List.of(process, background)) {
      each.sigterm();
      assertThat(each.exitCode(Duration.ofSeconds(30))).isZero();
      assertThat(each.log()).doesNotContain("\"ERROR\"").doesNotContain("drain_incomplete");
    }
  }
}
