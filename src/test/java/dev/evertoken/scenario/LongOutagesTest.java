package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.dev.PostgresSettings;
import dev.evertoken.dev.RedisSettings;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Frozen;
import dev.evertoken.rig.Scratch;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers of its own, away for a minute while callers go on asking. */
@SuppressWarnings("NullAway") // Both servers are started before any test is made.
@Tag("chaos-long")
final class LongOutagesTest {

  /** What is away. */
  enum Away {
    POSTGRES,
    REDIS,
    BOTH;

    boolean postgres() {
      return this != REDIS;
    }

    boolean redis() {
      return this != POSTGRES;
    }
  }

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final int ACCOUNTS = 20;
  private static final int CALLERS = 4;
  private static final Duration HALF = Duration.ofSeconds(30);
  private static final Duration BETWEEN = Duration.ofMillis(10);
  private static final Duration SOON = Duration.ofSeconds(60);

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
          .acme("rotation", "strict");

  private final List<Long> accounts = new ArrayList<>();
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger slow = new AtomicInteger();
  private final AtomicLong longest = new AtomicLong();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void startServers() throws IOException {
    postgres = LocalPostgres.start(Scratch.folder("away-postgres"), PostgresSettings.FAST);
    redis = LocalRedis.start(Scratch.folder("away-redis"), RedisSettings.FAST);
  }

  @AfterAll
  static void stopServers() throws IOException {
    postgres.close();
    redis.close();
  }

  @AfterEach
  void noMoreCallers() {
    done.set(true);
  }

  private static String freshDatabase() {
    try {
      return postgres.createDatabase("away" + NUMBER.incrementAndGet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Thread caller() {
    return Thread.ofPlatform()
        .start(
            () -> {
              while (!done.get()) {
                ask(accounts.get(ThreadLocalRandom.current().nextInt(ACCOUNTS)));
                Await.pass(BETWEEN);
              }
            });
  }

  private void ask(long id) {
    try {
      Answer answer = service.talk().token(id);
      longest.accumulateAndGet(answer.took().toNanos(), Math::max);
      if (answer.took().compareTo(Duration.ofMillis(250)) > 0) {
        slow.incrementAndGet();
      }
      if (answer.status() == 200) {
        answered.incrementAndGet();
      } else {
        failed.add(answer.status() + " " + answer.body());
      }
    } catch (UncheckedIOException failure) {
      failed.add(failure.toString());
    }
  }

  private Answer refresh() {
    return service.talk().post("/v1/accounts/" + accounts.getFirst() + "/refresh", null);
  }

  /** Frozen for half of the time, dead for the other. */
  private void away(Away what) throws IOException {
    List<Frozen> frozen = new ArrayList<>();
    if (what.postgres()) {
      frozen.add(Frozen.tree(postgres.pid()));
    }
    if (what.redis()) {
      frozen.add(Frozen.tree(redis.pid()));
    }
    Await.pass(HALF);
    if (what.postgres()) {
      Frozen.kill9(postgres.pid());
    }
    if (what.redis()) {
      Frozen.kill9(redis.pid());
    }
    frozen.forEach(Frozen::close);
    Await.pass(HALF);
  }

  private void back(Away what) throws IOException {
    if (what.postgres()) {
      postgres.startAgain();
    }
    if (what.redis()) {
      redis.startAgain();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "84, 85, 98 a server frozen and then dead for a minute in all, under load: every valid token"
          + " is answered, nobody is benched, all comes back by itself")
  void aMinute(Away what) throws IOException, InterruptedException {
    for (int i = 0; i < ACCOUNTS; i++) {
      accounts.add(service.account(service.provider().newFamily(), Duration.ofMinutes(40)));
    }
    accounts.forEach(id -> assertThat(service.talk().token(id).status()).isEqualTo(200));
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(caller());
    }
    Await.until("they are answered", () -> answered.get() > 100, SOON);

    away(what);
    Answer refused = refresh();
    int during = answered.get();
    back(what);

    long begun = System.nanoTime();
    Await.until("all is back", () -> Members.missing(service.talk()).isEmpty(), SOON);
    Await.until("a refresh works", () -> refresh().status() == 200, SOON);
    Duration back = Duration.ofNanos(System.nanoTime() - begun);
    done.set(true);
    for (Thread caller : callers) {
      caller.join();
    }
    System.out.printf(
        "%s away for a minute: %d answers, %d of them after more than 250 ms, the longest after"
            + " %d ms; back after %d ms%n",
        what, during, slow.get(), Duration.ofNanos(longest.get()).toMillis(), back.toMillis());
    assertThat(failed).isEmpty();
    assertThat(Duration.ofNanos(longest.get())).isLessThan(NO_HANGING);
    assertThat(refused.status()).as(refused.body()).isEqualTo(what.postgres() ? 503 : 200);
    assertThat(service.calls()).isEqualTo(what.postgres() ? 1 : 2);
    for (long id : accounts) {
      JsonObject account = service.talk().account(id);
      assertThat(account.getString("status")).isEqualTo("active");
      assertThat(account.getJsonObject("temp_unschedulable").getBoolean("active")).isFalse();
    }
  }
}
