package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.TcpFaultProxy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class OutagesTest {

  /** How a server is lost. */
  enum Loss {
    CUT,
    SILENT;

    void of(TcpFaultProxy way) {
      switch (this) {
        case CUT -> way.down();
        case SILENT -> way.blackHole();
      }
    }
  }

  /** Above the two deadlines of PostgreSQL (2 s, asked twice) and that of Redis. */
  private static final Duration NO_HANGING = Duration.ofSeconds(7);

  @RegisterExtension
  private final Service service =
      new Service().with("cache.near.max_age", "300ms").acme("rotation", "strict").cuttable();

  private boolean benched(long id) {
    return service
        .talk()
        .get("/v1/accounts/" + id + "/temp-unschedulable")
        .json()
        .getBoolean("active");
  }

  private void assertUntouched(long id) {
    JsonObject account = service.talk().account(id);
    assertThat(account.getString("status")).isEqualTo("active");
    assertThat(account.getString("error")).isNull();
    assertThat(benched(id)).isFalse();
  }

  private List<String> missing() {
    JsonArray missing = service.talk().get("/health/ready").json().getJsonArray("missing");
    return missing == null ? List.of() : missing.stream().map(String::valueOf).toList();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "39 PostgreSQL down during an ask: storage_unavailable, nobody benched; what is valid is"
          + " answered")
  void postgresDown(Loss loss) {
    long expired = service.account(service.provider().newFamily());
    long inMemory = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    String token = service.talk().token(inMemory).token();
    loss.of(service.toPostgres());

    Answer refused = service.talk().token(expired);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("storage_unavailable");
    assertThat(refused.header("Retry-After")).isPresent();
    assertThat(refused.took()).isLessThan(NO_HANGING);
    for (int i = 0; i < 5; i++) {
      Answer valid = service.talk().token(inMemory);
      assertThat(valid.status()).isEqualTo(200);
      assertThat(valid.token()).isEqualTo(token);
    }
    assertThat(service.calls()).isZero();

    service.toPostgres().restore();
    Await.until(
        "the expired one is answered",
        () -> service.talk().token(expired).status() == 200,
        Duration.ofSeconds(20));
    assertUntouched(expired);
    assertUntouched(inMemory);
    assertThat(service.calls()).isOne();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "39 PostgreSQL lost while the provider answers: the answer waits, is stored, nobody benched")
  void postgresLostDuringTheExchange(Loss loss) {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    service
        .provider()
        .switches()
        .fault(dev.evertoken.dev.Endpoint.TOKEN, Fault.delayed(Duration.ofMillis(500)));
    CompletableFuture<Answer> ask = service.talk().asking(id);
    Await.until(
        "the provider has the request",
        () -> service.provider().ledger().inFlight() == 1,
        Duration.ofSeconds(20));
    loss.of(service.toPostgres());

    Answer answer = ask.join();
    assertThat(answer.code()).isIn("storage_unavailable", "refresh_timeout");
    service.toPostgres().restore();

    Await.until(
        "the token is stored",
        () -> service.talk().token(id).status() == 200,
        Duration.ofSeconds(30));
    assertUntouched(id);
    assertThat(service.calls()).isOne();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "98 PostgreSQL and Redis both gone: valid tokens flow from memory, no refresh is sent, nobody"
          + " is benched, all comes back by itself")
  void bothGone(Loss loss) {
    long due = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    long expired = service.account(service.provider().newFamily());
    String token = service.talk().token(due).token();
    loss.of(service.toPostgres());
    loss.of(service.toRedis());

    for (int i = 0; i < 6; i++) {
      Answer answer = service.talk().token(due);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.token()).isEqualTo(token);
      assertThat(answer.took()).isLessThan(NO_HANGING);
    }
    assertThat(service.talk().token(expired).code()).isEqualTo("storage_unavailable");
    Await.until("both are missed", () -> missing().size() == 2, Duration.ofSeconds(20));
    assertThat(service.talk().get("/health/ready").status()).isEqualTo(200);
    assertThat(service.calls()).isZero();

    service.toPostgres().restore();
    service.toRedis().restore();
    Await.until("both are back", () -> missing().isEmpty(), Duration.ofSeconds(20));
    assertThat(service.talk().token(expired).status()).isEqualTo(200);
    assertUntouched(due);
    assertUntouched(expired);
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("98 many callers meet one wait for both that are frozen, not each its own")
  void oneWaitForAll() {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(service.account(service.provider().newFamily(), Duration.ofMinutes(40)));
    }
    ids.forEach(id -> service.talk().token(id));
    service.toPostgres().blackHole();
    service.toRedis().blackHole();

    for (int round = 0; round < 3; round++) {
      List<CompletableFuture<Answer>> asks =
          ids.stream().map(id -> service.talk().asking(id)).toList();
      assertThat(asks)
          .allSatisfy(
              ask -> {
                assertThat(ask.join().status()).isEqualTo(200);
                assertThat(ask.join().took()).isLessThan(NO_HANGING);
              });
    }
    assertThat(service.calls()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("52, 85 Redis lost: tokens are served, a refresh stays single, nothing hangs")
  void redisLost(Loss loss) {
    long valid = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    long expired = service.account(service.provider().newFamily());
    loss.of(service.toRedis());

    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Answer answer = service.talk().token(valid);
      assertThat(answer.status()).isEqualTo(200);
      took.add(answer.took());
    }
    // One command waits for its deadline, then Redis is known to be away.
    assertThat(took.stream().filter(t -> t.compareTo(Duration.ofMillis(240)) > 0).count())
        .isLessThanOrEqualTo(3);
    List<CompletableFuture<Answer>> asks = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      asks.add(service.talk().asking(expired));
    }
    assertThat(asks).allSatisfy(ask -> assertThat(ask.join().status()).isEqualTo(200));
    assertThat(service.calls()).isOne();
    Await.until(
        "Redis is missed", () -> missing().equals(List.of("redis")), Duration.ofSeconds(10));

    service.toRedis().restore();
    Await.until("Redis is back", () -> missing().isEmpty(), Duration.ofSeconds(20));
    assertUntouched(expired);
  }

  @Test
  @DisplayName("39 a key that was used a moment ago still opens while PostgreSQL is away")
  void keysOutliveTheOutage() {
    long id = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    String key =
        service
            .talk()
            .post(
                "/v1/keys",
                new JsonObject()
                    .put("name", "caller")
                    .put("scopes", new JsonArray().add("token:read")))
            .text("key");
    Talk caller = service.talk().as(key);
    assertThat(caller.token(id).status()).isEqualTo(200);
    service.toPostgres().down();

    Await.until(
        "PostgreSQL is missed", () -> missing().contains("postgres"), Duration.ofSeconds(20));
    // Longer than a key is trusted without asking.
    long until = System.nanoTime() + Duration.ofSeconds(6).toNanos();
    int asked = 0;
    while (System.nanoTime() < until || asked < 20) {
      assertThat(caller.token(id).status()).isEqualTo(200);
      asked++;
    }
    assertThat(service.talk().as("evt_999_" + "x".repeat(43)).token(id).status()).isIn(401, 503);
  }
}
