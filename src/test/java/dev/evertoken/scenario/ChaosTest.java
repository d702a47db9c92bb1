package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.Presentation;
import dev.evertoken.dev.Presentation.Outcome;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three nodes refresh strictly rotating accounts under random faults; the provider's ledger is the
 * oracle. The seed is printed; {@code -Dchaos.seed} repeats a run's faults.
 */
final class ChaosTest {

  private static final int ACCOUNTS = 12;

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  @Test
  @DisplayName("86 a short run under random faults loses and spends no refresh token twice")
  void shortRun() {
    run(Integer.getInteger("chaos.short", 120));
  }

  @Test
  @Tag("chaos-long")
  @Timeout(7200)
  @DisplayName("86 a long run under random faults loses and spends no refresh token twice")
  void longRun() {
    run(Integer.getInteger("rotations", 10_000));
  }

  private void run(int rotations) {
    long seed = Long.getLong("chaos.seed", System.nanoTime());
    System.out.println("chaos seed " + seed);
    try (Cluster cluster =
        Cluster.of(
            3,
            Map.of(
                "refresh", "{connect_timeout: 2s, tls_timeout: 2s, total_timeout: 4s}",
                "breaker", "{max_failures: 20, reset_timeout: 1s}"))) {
      Map<Long, NewFamily> accounts = accounts(cluster);
      Nemesis nemesis = new Nemesis(cluster, seed);
      AtomicBoolean done = new AtomicBoolean();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Random random = new Random(seed + i + 1);
        callers.add(
            Thread.ofPlatform()
                .start(() -> call(cluster, List.copyOf(accounts.keySet()), random, done)));
      }
      while (rotated(cluster) < rotations) {
        nemesis.strike();
      }
      done.set(true);
      callers.forEach(ChaosTest::join);

      List<Long> lost = new ArrayList<>();
      accounts.forEach((id, family) -> settle(cluster, id, family, lost));
      System.out.println("chaos " + nemesis.report(seed, rotated(cluster), lost));
      assertThat(wrong).isEmpty();
    }
  }

  private static Map<Long, NewFamily> accounts(Cluster cluster) {
    Map<Long, NewFamily> accounts = new LinkedHashMap<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      NewFamily family = cluster.provider().newFamily();
      accounts.put(cluster.account(family.refreshToken(), body -> {}), family);
    }
    return accounts;
  }

  private static int rotated(Cluster cluster) {
    return (int)
        cluster.provider().ledger().presentations().stream()
            .filter(presentation -> presentation.outcome() == Outcome.ROTATED)
            .count();
  }

  /** Asks and refreshes at random; every token that is answered must be good. */
  private void call(Cluster cluster, List<Long> ids, Random random, AtomicBoolean done) {
    while (!done.get()) {
      long id = ids.get(random.nextInt(ids.size()));
      Talk talk = cluster.talk(random.nextInt(3)).within(Duration.ofSeconds(12));
      try {
        if (random.nextInt(3) == 0) {
          check(cluster, talk.token(id));
        } else {
          talk.post("/v1/accounts/" + id + "/refresh", new JsonObject());
        }
      } catch (UncheckedIOException dead) {
        // The node was killed, or is frozen: what a caller does then is to ask another.
        Await.pass(Duration.ofMillis(50));
      }
    }
  }

  private void check(Cluster cluster, Answer answer) {
    if (answer.status() == 200
        && !cluster.provider().ledger().isAccessTokenValid(answer.token(), Instant.now())
        && !revoked(cluster, answer.token())) {
      wrong.add("served a token that was not good: " + answer.body());
    }
  }

  /**
   * A token whose family was ended by the provider cannot be known to be bad before somebody tells.
   */
  private static boolean revoked(Cluster cluster, String token) {
    return cluster.provider().ledger().accessTokens().stream()
        .anyMatch(issued -> issued.value().equals(token) && issued.revokedAt() != null);
  }

  /**
   * At the end every account refreshes, or says that its rotation was lost; only such may have been
   * repeated.
   */
  private void settle(Cluster cluster, long id, NewFamily family, List<Long> lost) {
    Talk talk = cluster.talk(0);
    Await.until(
        "account " + id + " comes to rest",
        () -> {
          int status = talk.post("/v1/accounts/" + id + "/refresh", new JsonObject()).status();
          return status == 200 || talk.account(id).getString("status").equals("error");
        },
        Duration.ofSeconds(60));
    JsonObject account = talk.account(id);
    boolean saysLost = account.encode().contains("rotation was lost");
    boolean repeated =
        cluster.provider().ledger().presentations(family.id()).stream()
            .anyMatch(Presentation::repeated);
    if (account.getString("status").equals("error")) {
      lost.add(id);
      if (!saysLost) {
        wrong.add("account " + id + " ended without saying why: " + account.encode());
      }
    }
    if (repeated && !saysLost) {
      wrong.add("account " + id + " presented a spent refresh token: " + account.encode());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }
}
