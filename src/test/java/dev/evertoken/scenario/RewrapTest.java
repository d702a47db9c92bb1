package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.KeysetFile;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.domain.Secret;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The keys are exchanged under two nodes that serve. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RewrapTest {

  private static final int ACCOUNTS = 12;
  private static final int CALLERS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Cluster cluster = Cluster.of(2, Map.of("rotation", "strict"));
  private final KeysetFile file = new KeysetFile(cluster.folder().resolve("keyset.json"));
  private final Vertx vertx = Vertx.vertx();

  @AfterAll
  void close() {
    cluster.close();
    vertx.close().await();
  }

  @Test
  @DisplayName(
      "83 rotate, promote and rewrap while 100 callers read: no failed answer, and nothing of the"
          + " old key is left in PostgreSQL, Redis or escrow")
  void rewrap() throws IOException, InterruptedException {
    List<Long> accounts = accounts();
    String former = prefix(file.read());
    assertThat(sealedWith(former)).as("sealed values of the old key").isGreaterThan(2 * ACCOUNTS);
    assertThat(redis()).contains(former);
    assertThat(disks()).contains(former);

    Load load = new Load(accounts);
    try {
      file.write(file.read().rotated());
      Await.until("both nodes have both keys", () -> nodesWith("known_keys", 2) == 2, PATIENCE);
      file.write(file.read().promoted());
      assertThat(command("keyset", "rewrap")).isZero();
    } finally {
      load.end();
    }

    assertThat(load.failed).isEmpty();
    assertThat(load.answered).hasValueGreaterThan(CALLERS);
    assertThat(sealedWith(former)).isZero();
    assertThat(redis()).doesNotContain(former).contains(prefix(file.read()));
    assertThat(disks()).doesNotContain(former);
    for (long account : accounts) {
      assertThat(cluster.talk(1).post("/v1/accounts/" + account + "/refresh", null).status())
          .isEqualTo(200);
    }
    assertThat(cluster.provider().ledger().reuses()).isEmpty();

    file.write(file.read().pruned());
    Await.until("both nodes have one key", () -> nodesWith("known_keys", 1) == 2, PATIENCE);
    assertThat(cluster.talk(0).token(accounts.getFirst()).status()).isEqualTo(200);
    assertThat(command("keyset", "rewrap")).as("nothing is left to do").isZero();
  }

  @Test
  @DisplayName("83 a node that still seals with the old key holds a rewrap up, and is named")
  void holdsUp() throws SQLException {
    try (Connection connection = Jdbc.connect(cluster.database());
        PreparedStatement other =
            connection.prepareStatement(
                "insert into nodes (id, heartbeat_at) values ('older-version',"
                    + " clock_timestamp() + interval '1 hour')");
        PreparedStatement gone =
            connection.prepareStatement("delete from nodes where id = 'older-version'")) {
      other.executeUpdate();
      Answer refused = cluster.talk(0).post("/v1/keyset/rewrap", null);
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body()).contains("older-version");
      gone.executeUpdate();
      assertThat(cluster.talk(0).post("/v1/keyset/rewrap", null).status()).isEqualTo(200);
    }
  }

  /** Accounts that have been refreshed and read, one with a static key, and a proxy's password. */
  private List<Long> accounts() {
    List<Long> accounts = new ArrayList<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      NewFamily family = cluster.provider().newFamily();
      long id = cluster.account(family.refreshToken(), body -> {});
      assertThat(cluster.talk(i % 2).token(id).status()).isEqualTo(200);
      accounts.add(id);
    }
    cluster.account(
        "",
        body ->
            body.put("type", "upstream")
                .put("credentials", new JsonObject().put("api_key", "static-key-of-a-test")));
    JsonObject proxy =
        new JsonObject().put("name", "p").put("url", "http://user:password@127.0.0.1:1");
    assertThat(cluster.talk(0).post("/v1/proxies", proxy).status()).isEqualTo(201);
    return accounts;
  }

  /** Runs a command of an operator; its exit code. */
  private int command(String... words) {
    ServiceProcess command =
        ServiceProcess.start(
            ServiceProcess.Plan.in(cluster.folder().resolve("command"))
                .with("EVERTOKEN_URL", cluster.node(0).url())
                .with("EVERTOKEN_API_KEY", Service.ADMIN_KEY)
                .saying(words));
    try (command) {
      return command.exitCode(PATIENCE);
    }
  }

  private long nodesWith(String field, int size) {
    JsonArray nodes = cluster.talk(0).get("/v1/keyset").json().getJsonArray("nodes");
    return nodes.stream()
        .filter(node -> ((JsonObject) node).getJsonArray(field).size() == size)
        .count();
  }

  /** What each ciphertext of the primary key begins with. */
  private static String prefix(Keyset keys) {
    byte[] sealed = new TinkSealer(keys).seal(Secret.of("x"), "");
    return new String(sealed, 0, 5, StandardCharsets.ISO_8859_1);
  }

  private String redis() {
    return Dumps.redis(vertx, SharedServers.redis().uri());
  }

  private String disks() {
    return Dumps.files(cluster.folder().resolve("node-0/data/escrow"))
        + Dumps.files(cluster.folder().resolve("node-1/data/escrow"));
  }

  /** How many values of any binary column of any table begin so. */
  private int sealedWith(String prefix) {
    int found = 0;
    try (Connection connection = Jdbc.connect(cluster.database());
        PreparedStatement columns =
            connection.prepareStatement(
                "select table_name, column_name from information_schema.columns"
                    + " where table_schema = 'public' and data_type = 'bytea'");
        ResultSet names = columns.executeQuery()) {
      while (names.next()) {
        String sql =
            "select count(*) from \"%s\" where position(? in \"%s\") = 1"
                .formatted(names.getString(1), names.getString(2));
        try (PreparedStatement count = connection.prepareStatement(sql)) {
          count.setBytes(1, prefix.getBytes(StandardCharsets.ISO_8859_1));
          ResultSet counted = count.executeQuery();
          counted.next();
          found += counted.getInt(1);
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  /** Callers who read from both nodes until they are told to end, and an operator who refreshes. */
  private final class Load {

    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Load(List<Long> accounts) {
      for (int i = 0; i < CALLERS; i++) {
        int caller = i;
        threads.execute(() -> read(caller, accounts));
      }
      threads.execute(() -> refresh(accounts));
    }

    private void read(int caller, List<Long> accounts) {
      for (int i = caller; !ended.get(); i++) {
        check(cluster.talk(i % 2).token(accounts.get(i % accounts.size())));
      }
    }

    private void refresh(List<Long> accounts) {
      for (int i = 0; !ended.get(); i++) {
        long account = accounts.get(i % accounts.size());
        check(cluster.talk(i % 2).post("/v1/accounts/" + account + "/refresh", null));
      }
    }

    private void check(Answer answer) {
      answered.incrementAndGet();
      if (answer.status() != 200) {
        failed.add(Instant.now() + " " + answer.status() + " " + answer.body());
      }
    }

    void end() throws InterruptedException {
      ended.set(true);
      threads.shutdown();
      assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
