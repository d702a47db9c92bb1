package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.Gate;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.Presentation;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The background of three nodes, each a JVM of its own, started at once over what a fourth one has
 * prepared that leaves the background to them.
 */
@TestMethodOrder(OrderAnnotation.class)
final class NightTest {

  private static final int EXPIRED = 500;
  private static final int PER_SECOND = 100;
  private static final Duration LONG = Duration.ofMinutes(2);

  private static Cluster cluster;

  @BeforeAll
  static void begin() {
    cluster =
        Cluster.of(
            1,
            Map.of(
                "limits",
                "{concurrency: 8, per_second: " + PER_SECOND + "}",
                "refresh",
                "{connect_timeout: 2s, tls_timeout: 2s, total_timeout: 30s, request_timeout:"
                    + " 20s}",
                "breaker",
                "{max_failures: 5, reset_timeout: 5s}"));
    cluster.setting("EVERTOKEN_REFRESH_BACKGROUND", "true");
    cluster.setting("EVERTOKEN_REFRESH_SCAN_INTERVAL", "2s");
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  private static void write(String sql) {
    try (Connection connection = Jdbc.connect(cluster.database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** An account whose token has that long left, or ended that long ago. */
  private static long account(NewFamily family, Duration left) {
    return account(family, left, null);
  }

  private static long account(NewFamily family, Duration left, @Nullable Long proxy) {
    return cluster.account(
        family.refreshToken(),
        body ->
            body.put("proxy_id", proxy)
                .getJsonObject("credentials")
                .put("access_token", family.accessToken().value())
                .put("expires_at", Instant.now().plus(left).toString()));
  }

  private static boolean refreshed(long id) {
    return cluster.talk(0).account(id).getLong("generation") > 1;
  }

  @Test
  @Order(1)
  @DisplayName(
      "61, 62 three nodes start at once over 500 expired of 10 000 accounts: each is refreshed"
          + " once, at the configured rate, the most urgent first, and no other account is touched")
  void noBurst() {
    write(
        """
        insert into accounts (incarnation, platform, type, name, status, paused, priority, pools,
          refresh_due_at, expires_at)
        select gen_random_uuid(), 'acme', 'oauth', 'later-' || i, 'active', false, 50, '{}',
          now() + interval '1 day', now() + interval '1 day'
        from generate_series(1, 9500) i
        """);
    Map<String, Integer> urgency = new HashMap<>();
    long last = 0;
    for (int i = 0; i < EXPIRED; i++) {
      NewFamily family = cluster.provider().newFamily();
      urgency.put(family.id(), i);
      last = account(family, Duration.ofMinutes((i - 1000) * 2L));
    }
    long leastUrgent = last;

    cluster.startAtOnce(3);
    Await.until("all are refreshed", () -> cluster.calls() >= EXPIRED, LONG);
    Await.until("all are stored", () -> refreshed(leastUrgent), LONG);

    var ledger = cluster.provider().ledger();
    assertThat(cluster.calls()).isEqualTo(EXPIRED);
    assertThat(ledger.maxPerSecond()).isLessThanOrEqualTo(PER_SECOND + 4);
    assertThat(ledger.maxInFlight()).isLessThanOrEqualTo(8);
    List<Integer> order =
        ledger.presentations().stream().map(Presentation::family).map(urgency::get).toList();
    assertThat(order).doesNotHaveDuplicates();
    assertThat(order.subList(0, EXPIRED / 2))
        .as("the most urgent 100 before the least urgent 100")
        .allMatch(place -> place < EXPIRED - 100)
        .containsAll(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  @Order(2)
  @DisplayName(
      "54, 60 background, operators and requests of all nodes at once are one call, and every node"
          + " then has the new token")
  void oneCallOnAllNodes() {
    NewFamily family = cluster.provider().newFamily();
    Gate gate = new Gate();
    cluster.provider().switches().fault(family.id(), Endpoint.TOKEN, Fault.held(gate));
    long id = account(family, Duration.ofMinutes(2));
    Await.until("the background asks the provider", () -> gate.arrivals() == 1, LONG);

    List<CompletableFuture<Answer>> asked = new ArrayList<>();
    for (int node = 0; node < 4; node++) {
      asked.add(cluster.talk(node).posting("/v1/accounts/" + id + "/refresh", null));
      asked.add(cluster.talk(node).asking(id));
    }
    // Each of these answers came after the ones above were taken in.
    for (int node = 0; node < 4; node++) {
      assertThat(cluster.talk(node).token(id, "max_wait_ms=0").token())
          .isEqualTo(family.accessToken().value());
    }
    gate.open();

    asked.forEach(answer -> assertThat(answer.join().status()).isEqualTo(200));
    assertThat(cluster.provider().ledger().presentations(family.id())).hasSize(1);
    String fresh = cluster.talk(0).token(id).token();
    assertThat(fresh).isNotEqualTo(family.accessToken().value());
    for (int node = 1; node < 4; node++) {
      Talk talk = cluster.talk(node);
      Await.until("node " + node + " has it", () -> talk.token(id).token().equals(fresh), LONG);
    }
    assertThat(cluster.talk(0).account(id).getJsonObject("last_refresh").getString("trigger"))
        .isEqualTo("background");
  }

  @Test
  @Order(3)
  @DisplayName("63 fifty due accounts on dead proxies hold no healthy one back beyond its window")
  void deadProxies() {
    try (FakeProxy px = FakeProxy.http();
        FakeProxy other = FakeProxy.socks5()) {
      px.mode(FakeProxy.Mode.UNANSWERED);
      other.mode(FakeProxy.Mode.SILENT);
      List<Long> proxies = List.of(proxy(px), proxy(other));
      List<Long> stuck = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        stuck.add(
            account(cluster.provider().newFamily(), Duration.ofMinutes(40), proxies.get(i % 2)));
      }
      write(
          "update accounts set refresh_due_at = now() - interval '1 hour' where id >= "
              + stuck.getFirst());
      Await.until("the proxies are dialled", () -> px.dials() > 0 && other.dials() > 0, LONG);

      long healthy = account(cluster.provider().newFamily(), Duration.ofMinutes(5));

      Await.until("it is refreshed", () -> refreshed(healthy), Duration.ofMinutes(1));
      assertThat(stuck).noneMatch(NightTest::refreshed);
      px.mode(FakeProxy.Mode.FINE);
      other.mode(FakeProxy.Mode.FINE);
      Await.until("they come back", () -> stuck.stream().allMatch(NightTest::refreshed), LONG);
    }
  }

  private static long proxy(FakeProxy proxy) {
    return cluster
        .talk(0)
        .post("/v1/proxies", new JsonObject().put("name", "px").put("url", proxy.url()))
        .json()
        .getLong("id");
  }
}
