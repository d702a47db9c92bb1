package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.dev.PostgresSettings;
import dev.evertoken.dev.RedisSettings;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Frozen;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.Scratch;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Servers of its own, which it stops with SIGSTOP and kills. */
@SuppressWarnings("NullAway") // Both servers are started before any test is made.
final class FrozenServersTest {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final int ACCOUNTS = 20;

  /** The two deadlines of PostgreSQL, and what a busy machine adds. */
  private static final Duration NO_HANGING = Duration.ofSeconds(7);

  private static LocalPostgres postgres;
  private static LocalRedis redis;

  @RegisterExtension
  private final Service service =
      new Service()
          .with("postgres.uri", freshDatabase())
          .with("redis.uri", redis.uri(NUMBER.get()))
          .with("cache.near.max_age", "300ms")
          .with("refresh.background", "true")
          .with("refresh.scan_interval", "1s")
          .acme("refresh", "{on_error: use_existing}");

  private final List<Long> accounts = new ArrayList<>();

  @BeforeAll
  static void startServers() throws IOException {
    postgres = LocalPostgres.start(Scratch.folder("frozen-postgres"), PostgresSettings.FAST);
    redis = LocalRedis.start(Scratch.folder("frozen-redis"), RedisSettings.FAST);
  }

  @AfterAll
  static void stopServers() throws IOException {
    postgres.close();
    redis.close();
  }

  private static String freshDatabase() {
    try {
      return postgres.createDatabase("frozen" + NUMBER.incrementAndGet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void validAccounts() {
    for (int i = 0; i < ACCOUNTS; i++) {
      accounts.add(service.account(service.provider().newFamily(), Duration.ofMinutes(40)));
    }
    accounts.forEach(id -> assertThat(service.talk().token(id).status()).isEqualTo(200));
  }

  /** Asks for every account at once; each is answered, without hanging. */
  private List<Answer> all() {
    List<CompletableFuture<Answer>> asks =
        accounts.stream().map(id -> service.talk().asking(id)).toList();
    List<Answer> answers = asks.stream().map(CompletableFuture::join).toList();
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.status()).as(answer.body()).isEqualTo(200);
              assertThat(answer.took()).isLessThan(NO_HANGING);
            });
    return answers;
  }

  /** Keeps asking, so that much longer than an entry of the near cache is trusted goes by. */
  private void flow(int rounds) {
    for (int i = 0; i < rounds; i++) {
      all();
    }
  }

  private long benched() {
    try (Connection connection = Jdbc.connect(service.database());
        Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery(
                "select count(*) from accounts where benches <> '{}' or status <> 'active'")) {
      count.next();
      return count.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private boolean healthy() {
    return service.talk().get("/health/ready").json().getJsonArray("missing").isEmpty();
  }

  private boolean degraded() {
    return !healthy();
  }

  private void assertRecovered(Answer... waited) {
    Await.until("it says that it is healthy", this::healthy, Duration.ofSeconds(20));
    flow(2);
    long id = service.account(service.provider().newFamily());
    Await.until(
        "a new account is refreshed",
        () -> service.talk().token(id).status() == 200,
        Duration.ofSeconds(20));
    assertThat(benched()).isZero();
    assertThat(waited).allSatisfy(answer -> assertThat(answer.status()).isPositive());
  }

  @Test
  @DisplayName(
      "84 PostgreSQL frozen, then killed and started again: valid tokens flow, nobody is benched,"
          + " all comes back within seconds")
  void postgresFrozenThenKilled() throws IOException {
    CompletableFuture<Answer> waiting;
    try (Frozen _ = Frozen.tree(postgres.pid())) {
      flow(5);
      Await.until("PostgreSQL is missed", this::degraded, Duration.ofSeconds(20));
      flow(20);
      Answer tooShort = service.talk().token(accounts.getFirst(), "min_ttl=3000");
      assertThat(tooShort.status()).isEqualTo(200);
      assertThat(tooShort.text("state")).isEqualTo("stale");
      waiting = service.talk().asking(99999);
      assertThat(waiting.join().code()).isEqualTo("storage_unavailable");
      assertThat(service.calls()).isZero();
      Frozen.kill9(postgres.pid());
    }
    flow(5);
    assertThat(service.talk().account(accounts.getFirst()).getString("code"))
        .isEqualTo("storage_unavailable");
    postgres.startAgain();

    assertRecovered(waiting.join());
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("98 PostgreSQL and Redis both frozen and resumed: the same from memory alone")
  void bothFrozen() throws IOException {
    try (Frozen _ = Frozen.tree(postgres.pid());
        Frozen _ = Frozen.tree(redis.pid())) {
      flow(5);
      Await.until("PostgreSQL is missed", this::degraded, Duration.ofSeconds(20));
      List<Duration> took = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all().forEach(answer -> took.add(answer.took()));
      }
      // Once an outage is known nobody waits for it but who asks whether it is over; a busy machine
      // is
      // slow by itself.
      assertThat(took.stream().filter(t -> t.compareTo(Duration.ofSeconds(1)) > 0).count())
          .isLessThanOrEqualTo(took.size() / 4);
      assertThat(service.calls()).isZero();
    }

    assertRecovered();
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName(
      "85 Redis frozen, then killed and started empty: tokens flow, a refresh stays single")
  void redisFrozenThenKilled() throws IOException {
    try (Frozen _ = Frozen.tree(redis.pid())) {
      flow(10);
      long expired = service.account(service.provider().newFamily());
      List<CompletableFuture<Answer>> asks = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        asks.add(service.talk().asking(expired));
      }
      assertThat(asks).allSatisfy(ask -> assertThat(ask.join().status()).isEqualTo(200));
      assertThat(service.calls()).isOne();
      Frozen.kill9(redis.pid());
    }
    flow(3);
    redis.startAgain();

    assertRecovered();
    assertThat(service.calls()).isEqualTo(2);
  }

  @Test
  @DisplayName("Redis emptied: all is read from PostgreSQL again, the provider is not asked")
  void redisEmptied() {
    Redis client = Redis.createClient(service.vertx(), redis.uri());
    for (int i = 0; i < 3; i++) {
      client.send(Request.cmd(Command.FLUSHALL)).await();
      flow(3);
    }
    client.close().await();

    assertThat(service.calls()).isZero();
    assertThat(benched()).isZero();
  }
}
