package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is down is told by readiness and metrics, and no longer once it is back. */
final class DegradedModesTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** A server is lost, what is told of it, and it comes back. */
  enum Mode {
    REDIS_GONE,
    REDIS_FROZEN,
    POSTGRES_GONE,
    POSTGRES_FROZEN,
    POSTGRES_READ_ONLY,
    BOTH_GONE;

    void enter(Service service) {
      switch (this) {
        case REDIS_GONE -> service.toRedis().down();
        case REDIS_FROZEN -> service.toRedis().blackHole();
        case POSTGRES_GONE -> service.toPostgres().down();
        case POSTGRES_FROZEN -> service.toPostgres().blackHole();
        case POSTGRES_READ_ONLY -> readOnly(service, true);
        case BOTH_GONE -> {
          service.toPostgres().down();
          service.toRedis().down();
        }
      }
    }

    void leave(Service service) {
      if (this == POSTGRES_READ_ONLY) {
        readOnly(service, false);
      }
      service.toPostgres().restore();
      service.toRedis().restore();
    }

    List<String> missing() {
      return switch (this) {
        case REDIS_GONE, REDIS_FROZEN -> List.of("redis");
        case POSTGRES_GONE, POSTGRES_FROZEN, POSTGRES_READ_ONLY -> List.of("postgres");
        case BOTH_GONE -> List.of("postgres", "redis");
      };
    }

    boolean refreshes() {
      return !missing().contains("postgres");
    }
  }

  @RegisterExtension
  private final Service service =
      new Service()
          .with("cache.near.max_age", "300ms")
          .with("refresh.background", "true")
          .with("refresh.scan_interval", "1s")
          .acme("rotation", "none")
          .acme("refresh", "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 1500ms}")
          .acme("breaker", "{max_failures: 2, reset_timeout: 1s}")
          .cuttable();

  /** As a failover to a standby leaves it: sessions end, and new ones may not write. */
  private static void readOnly(Service service, boolean on) {
    String database = URI.create(service.database()).getPath().substring(1);
    try (Connection connection = Jdbc.connect(service.database());
        Statement statement = connection.createStatement()) {
      statement.execute("set session characteristics as transaction read write");
      statement.execute(
          "alter database %s set default_transaction_read_only = %s".formatted(database, on));
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where datname = current_database() and pid <> pg_backend_pid()");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private JsonObject readiness() {
    Answer ready = service.talk().get("/health/ready");
    assertThat(ready.status()).isEqualTo(200);
    return ready.json();
  }

  private boolean tells(List<String> missing) {
    return Members.missing(service.talk()).equals(missing);
  }

  private boolean shows(String metric, int value) {
    return Members.shows(service.talk(), metric, value);
  }

  private boolean up(String name, boolean up) {
    return shows("evertoken_dependency_up{name=\"" + name + "\"}", up ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a mode is entered and left by itself, and readiness and metrics say which it is")
  void ofServers(Mode mode) {
    long valid = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    String token = service.talk().token(valid).token();
    assertThat(readiness().getString("status")).isEqualTo("ok");
    mode.enter(service);

    Await.until("it is told", () -> tells(mode.missing()), SOON);
    assertThat(readiness().getString("status")).isEqualTo("degraded");
    for (String name : List.of("postgres", "redis")) {
      Await.until(name, () -> up(name, !mode.missing().contains(name)), SOON);
    }
    Answer answer = service.talk().token(valid);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.token()).isEqualTo(token);
    Answer refreshed = service.talk().post("/v1/accounts/" + valid + "/refresh", null);
    assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(mode.refreshes() ? 200 : 503);
    assertThat(service.calls()).isEqualTo(mode.refreshes() ? 1 : 0);
    assertThat(tells(mode.missing())).as("still told").isTrue();

    mode.leave(service);
    Await.until("it is told no more", () -> tells(List.of()), SOON);
    assertThat(readiness().getString("status")).isEqualTo("ok");
    Await.until("both are up", () -> up("postgres", true) && up("redis", true), SOON);
    Await.until(
        "a refresh works",
        () -> service.talk().post("/v1/accounts/" + valid + "/refresh", null).status() == 200,
        SOON);
    JsonObject account = service.talk().account(valid);
    assertThat(account.getString("status")).isEqualTo("active");
    assertThat(account.getJsonObject("temp_unschedulable").getBoolean("active")).isFalse();
  }

  @Test
  @DisplayName("a provider that hangs opens its route, which is told and ends by itself")
  void ofAProvider() {
    String open = "evertoken_route_open{platform=\"acme\",proxy=\"direct\"}";
    assertThat(shows(open, 0)).isTrue();
    service.provider().switches().fault(Endpoint.TOKEN, Fault.hang());
    long valid = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    List<Long> due =
        List.of(
            service.account(service.provider().newFamily()),
            service.account(service.provider().newFamily()),
            service.account(service.provider().newFamily()));

    Await.until("it is told", () -> shows(open, 1), SOON);
    assertThat(service.talk().token(valid).status()).isEqualTo(200);
    assertThat(readiness().getString("status")).isEqualTo("ok");

    service.provider().switches().clearFaults();
    Await.until("it is told no more", () -> shows(open, 0), SOON);
    due.forEach(
        id ->
            Await.until(
                "account " + id + " is refreshed",
                () -> service.talk().token(id).status() == 200,
                SOON));
  }
}
