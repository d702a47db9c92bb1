package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.domain.Secret;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator brings back, and what he forgot to: older backups, and lost keys. */
final class BroughtBackTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  private final Service service =
      new Service()
          .acme("rotation", "strict")
          .platform("still", "rotation", "none")
          .with("postgres.uri", SharedServers.freshDatabase());

  @Test
  @DisplayName(
      "99 after an older backup was brought back nothing of what came after it is answered, and"
          + " a spent refresh token ends as such")
  void olderBackup() throws SQLException {
    NewFamily rotated = service.provider().newFamily();
    NewFamily quiet = service.provider().newFamily();
    NewFamily unrotated = service.provider().newFamily();
    long spent = service.account(rotated);
    long unspent = service.account(quiet);
    long still = service.account(unrotated, body -> body.put("platform", "still"));
    copy(service.database());

    // The copy has cut the connections of the node, which makes new ones.
    Await.until("it is served again", () -> service.talk().token(spent).status() == 200);
    long later = service.account(service.provider().newFamily());
    String ofLater = service.talk().token(later).token();
    assertThat(service.node(0).stop().toCompletionStage()).succeedsWithin(PATIENCE);

    bringBack(service.database());
    // This backup is so fresh that its heartbeats look like a node's that lives.
    assertThat(restored()).isZero();
    service.start();
    Talk talk = service.talk(1);

    assertThat(talk.token(later).status()).as("the account of after the backup").isEqualTo(404);
    long fresh = create(talk, service.provider().newFamily());
    assertThat(fresh).as("its id is nobody else's").isGreaterThan(later);
    assertThat(talk.token(fresh).token()).isNotEqualTo(ofLater);

    assertThat(talk.account(spent).getString("outcome_unknown_since")).isNotNull();
    assertThat(talk.account(still).getString("outcome_unknown_since")).isNull();
    assertThat(talk.account(spent).getLong("generation")).isGreaterThan(1000);
    assertThat(talk.token(unspent).status()).as("a refresh token that is good").isEqualTo(200);
    assertThat(talk.account(unspent).getString("outcome_unknown_since")).isNull();
    assertThat(talk.token(still).status()).isEqualTo(200);
    Answer refused = talk.token(spent);
    assertThat(refused.status()).isEqualTo(424);
    assertThat(talk.account(spent).getString("status")).isEqualTo("error");
    assertThat(talk.account(spent).getJsonObject("error").encode()).contains("rotation was lost");
  }

  @Test
  @DisplayName("a database that a node uses is not taken for one that was brought back")
  void inUse() {
    assertThat(restored()).isEqualTo(2);
    assertThat(service.talk().get("/health/ready").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("a row under an unknown key is a 503 of its account alone, and stays as it is")
  void unknownKey() throws Exception {
    long lost = service.account(service.provider().newFamily());
    long whole = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    byte[] foreign = new TinkSealer(Keyset.generate()).seal(Secret.of("x"), "c");
    seal(lost, foreign);
    service.start();

    Answer refused = service.talk(1).token(lost);

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("key_unavailable");
    assertThat(service.talk(1).token(whole).status()).isEqualTo(200);
    assertThat(service.talk(1).post("/v1/accounts/" + lost + "/refresh", null).status())
        .isEqualTo(503);
    assertThat(service.calls()).as("nothing was sent").isZero();
    JsonObject shown =
        service.talk(1).get("/v1/accounts?limit=1").json().getJsonArray("items").getJsonObject(0);
    assertThat(shown.getLong("id")).isEqualTo(lost);
    assertThat(shown.getString("status")).isEqualTo("active");
    assertThat(shown.getJsonObject("temp_unschedulable").getBoolean("active")).isFalse();
    Answer rewrapped = service.talk(1).post("/v1/keyset/rewrap", null);
    assertThat(rewrapped.json().getInteger("left")).isEqualTo(2);
  }

  private long create(Talk talk, NewFamily family) {
    JsonObject body =
        new JsonObject()
            .put("name", "fresh")
            .put("platform", "acme")
            .put("type", "oauth")
            .put("credentials", new JsonObject().put("refresh_token", family.refreshToken()));
    Answer created = talk.post("/v1/accounts", body);
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return created.json().getLong("id");
  }

  private void seal(long account, byte[] foreign) throws SQLException {
    try (Connection connection = Jdbc.connect(service.database());
        PreparedStatement update =
            connection.prepareStatement(
                "update accounts set access_sealed = ?, refresh_sealed = ? where id = ?")) {
      update.setBytes(1, foreign);
      update.setBytes(2, foreign);
      update.setLong(3, account);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  /** Runs {@code restored} on the service's database; its exit code. */
  private int restored() {
    ServiceProcess command =
        ServiceProcess.start(
            ServiceProcess.Plan.in(service.folder().resolve("command"))
                .with("EVERTOKEN_POSTGRES_URI", service.database())
                .with("EVERTOKEN_REDIS_URI", SharedServers.redis().uri())
                .with(
                    "EVERTOKEN_ENCRYPTION_KEYSET_FILE",
                    service.folder().resolve("keyset.json").toString())
                .with(
                    "EVERTOKEN_PROVIDERS_FILE",
                    service.folder().resolve("providers.yaml").toString())
                .saying("restored"));
    try (command) {
      return command.exitCode(PATIENCE);
    }
  }

  /** A backup, as PostgreSQL makes one of a database: nobody may be connected to it meanwhile. */
  private static void copy(String uri) throws SQLException {
    String name = name(uri);
    exchange(
        uri,
        "alter database " + name + " with allow_connections false",
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'",
        "create database " + name + "_backup template " + name,
        "alter database " + name + " with allow_connections true");
  }

  private static void bringBack(String uri) throws SQLException {
    String name = name(uri);
    exchange(
        uri,
        "drop database " + name + " with (force)",
        "alter database " + name + "_backup rename to " + name);
  }

  private static void exchange(String uri, String... statements) throws SQLException {
    String server = uri.replace("/" + name(uri), "/postgres");
    try (Connection connection = Jdbc.connect(server);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String name(String uri) {
    return URI.create(uri).getPath().substring(1);
  }
}
