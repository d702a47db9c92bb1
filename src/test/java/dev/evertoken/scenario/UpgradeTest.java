package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An older version, built from its commit, and this one side by side in one cluster. */
@Tag("upgrade")
final class UpgradeTest {

  private static final int NODES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** The reconciliation of every 2 s, and a busy machine. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Duration EXIT = Duration.ofSeconds(40);

  private final Path older = OlderVersion.jar(System.getProperty("upgrade.from"));
  private final Cluster cluster = Cluster.of(0, Map.of("rotation", "strict"));
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    done.set(true);
    cluster.close();
  }

  private long ready() {
    NewFamily family = cluster.provider().newFamily();
    return cluster.account(
        family.refreshToken(),
        body ->
            body.getJsonObject("credentials")
                .put("access_token", family.accessToken().value())
                .put("expires_at", Instant.now().plus(Duration.ofMinutes(50)).toString()));
  }

  private long expired() {
    return cluster.account(cluster.provider().newFamily().refreshToken(), body -> {});
  }

  private void awaitWell() {
    for (int node = 0; node < NODES; node++) {
      Talk talk = cluster.talk(node);
      Await.until(
          "node " + node + " misses nobody", () -> Members.missing(talk).isEmpty(), PATIENCE);
    }
  }

  private void awaitAnswers(int more) {
    int before = answered.get();
    Await.until(
        () -> more + " more answers beside " + failed,
        () -> answered.get() >= before + more,
        PATIENCE);
  }

  private boolean benched(int node, long id) {
    return cluster
        .talk(node)
        .get("/v1/accounts/" + id + "/temp-unschedulable")
        .json()
        .getBoolean("active");
  }

  private void assertBenchTravels(int from, long id) {
    String path = "/v1/accounts/" + id + "/temp-unschedulable";
    JsonObject bench = new JsonObject().put("seconds", 600).put("reason", "side by side");
    assertThat(cluster.talk(from).put(path, bench).status()).isEqualTo(200);
    long begun = System.nanoTime();
    for (int node = 0; node < NODES; node++) {
      int other = node;
      Await.until(
          "node " + other + " refuses",
          () -> "temporarily_unschedulable".equals(cluster.talk(other).token(id).code()),
          SOON);
      assertThat(benched(other, id)).isTrue();
    }
    System.out.println(
        "a bench of node %d is in force on all after %s"
            .formatted(from, Duration.ofNanos(System.nanoTime() - begun)));
    assertThat(cluster.talk(from).delete(path).status()).isIn(200, 204);
    for (int node = 0; node < NODES; node++) {
      int other = node;
      Await.until(
          "node " + other + " answers again",
          () -> cluster.talk(other).token(id).status() == 200,
          SOON);
    }
  }

  private void assertOneRefresh() {
    long id = expired();
    long before = cluster.calls();
    List<CompletableFuture<Answer>> asks = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      asks.add(cluster.talk(i % NODES).asking(id));
    }
    List<Answer> answers = asks.stream().map(CompletableFuture::join).toList();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
    assertThat(answers.stream().map(Answer::token).distinct()).hasSize(1);
    assertThat(cluster.calls() - before).isOne();
  }

  private void assertRefreshTravels(int from, long id) {
    String path = "/v1/accounts/" + id + "/refresh";
    Answer refreshed = cluster.talk(from).post(path, null);
    assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(200);
    String token = cluster.talk(from).token(id).token();
    for (int node = 0; node < NODES; node++) {
      int other = node;
      Await.until(
          "node " + other + " has the new token",
          () -> cluster.talk(other).token(id).token().equals(token),
          SOON);
    }
  }

  private void assertWorkTogether(long id) {
    awaitWell();
    for (int node = 0; node < NODES; node++) {
      assertBenchTravels(node, id);
      assertRefreshTravels(node, id);
    }
    assertOneRefresh();
  }

  private void replace(int node, @Nullable Path version) {
    cluster.node(node).sigterm();
    assertThat(cluster.node(node).exitCode(EXIT)).isZero();
    awaitAnswers(50);
    cluster.version(node, version);
    cluster.restart(node);
    cluster.node(node).awaitReady(PATIENCE);
    awaitWell();
    awaitAnswers(50);
  }

  /** What a version behind this one may do to the schema: it adds. */
  private void migrateFurther() {
    try (Connection connection = Jdbc.connect(cluster.database());
        Statement statement = connection.createStatement()) {
      statement.execute("alter table accounts add column of_a_later_version text");
      statement.execute(
          "insert into flyway_schema_history (installed_rank, version, description, type, script,"
              + " checksum, installed_by, execution_time, success) values (1000, '1000',"
              + " 'of a later version', 'SQL', 'V1000__of_a_later_version.sql', 1, current_user,"
              + " 1, true)");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName(
      "an older version and this one in one cluster: benches and tokens travel, a refresh is one,"
          + " all nodes are replaced under load without a failed answer, and back")
  void sideBySide() throws InterruptedException {
    cluster.setting("EVERTOKEN_SHUTDOWN_DELAY", "2s");
    for (int node = 0; node < NODES; node++) {
      cluster.version(node, older);
    }
    cluster.startAtOnce(NODES);
    awaitWell();
    long changed = ready();
    assertWorkTogether(changed);
    long asked = ready();
    Balancer balancer = new Balancer(NODES, cluster::talk, done, answered, failed);
    List<Thread> callers = new ArrayList<>(balancer.probing());
    callers.add(balancer.asking(asked));
    awaitAnswers(50);

    replace(1, null);
    replace(2, null);
    assertWorkTogether(changed);
    replace(0, null);
    assertWorkTogether(changed);
    migrateFurther();
    replace(1, older);
    assertWorkTogether(changed);

    done.set(true);
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(failed).isEmpty();
  }
}
