package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database whose administrator made its transactions stricter by default. */
final class IsolationTest {

  private static String database(String isolation) throws SQLException {
    String uri = SharedServers.freshDatabase();
    String name = PostgresAddress.parse(Secret.of(uri)).connectOptions(1000).getDatabase();
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "alter database \"%s\" set default_transaction_isolation = '%s'"
              .formatted(name, isolation));
    }
    return uri;
  }

  /** In a stricter transaction the write would fail, since the row changed after its snapshot. */
  @ParameterizedTest
  @ValueSource(strings = {"serializable", "repeatable read"})
  void aWriteThatWaitsForAnotherSucceeds(String isolation) throws SQLException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    try (StoreRig rig = new StoreRig(database(isolation), DatabaseLimits.of(8));
        Connection other = Jdbc.connect(rig.uri);
        Statement statement = other.createStatement()) {
      Account account = rig.create("contended");
      other.setAutoCommit(false);
      statement.execute("update accounts set priority = 7 where id = " + account.id());

      Future<Optional<Account>> benched =
          rig.stores.benches().set(account.id(), bench(now, 60), now);
      Await.until("it waits for the row", () -> waits(statement), Duration.ofSeconds(20));
      other.commit();

      assertThat(get(benched)).isPresent();
    }
  }

  private static boolean waits(Statement statement) {
    try (ResultSet blocked = statement.executeQuery("select from pg_locks where not granted")) {
      return blocked.next();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "serializable")
  void eachConnectionReadsWhatIsCommitted(String isolation) throws SQLException {
    Vertx vertx = Vertx.vertx();
    Database database =
        new Database(
            vertx, PostgresAddress.parse(Secret.of(database(isolation))), DatabaseLimits.of(2));

    String level =
        get(
            database
                .query("show transaction_isolation", Tuple.tuple())
                .map(rows -> rows.iterator().next().getString(0)));
    get(vertx.close());

    assertThat(level).isEqualTo("read committed");
  }

  private static Bench bench(Instant now, int seconds) {
    return new Bench(
        BenchCause.RATE_LIMITED, now.plusSeconds(seconds), "why", now, Trigger.REPORT, null);
  }
}
