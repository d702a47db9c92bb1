package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.ApiRig.Answer;
import dev.evertoken.rig.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An operator's change, without If-Match, of a row that changes after it was looked at. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OvertakenChangesTest {

  private static final String WAITING =
      "select 1 from pg_stat_activity where datname = current_database()"
          + " and wait_event_type = 'Lock'";

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  /** The answer to a PATCH that has read the row when the statement changes it. */
  private Answer overtaken(String path, String body, String statement) {
    try (Connection connection = rig.connect();
        Statement other = connection.createStatement()) {
      connection.setAutoCommit(false);
      other.execute(statement);
      CompletableFuture<Answer> patch =
          CompletableFuture.supplyAsync(() -> rig.call("PATCH", path, body));
      Await.until("the change waits for the row", () -> any(WAITING));
      connection.commit();
      return patch.join();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private boolean any(String query) {
    try (Connection connection = rig.connect();
        Statement run = connection.createStatement()) {
      return run.executeQuery(query).next();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anErrorThatComesMeanwhileIsNotEndedUnseen() {
    long id = rig.healthy("overtaken");
    String path = "/v1/accounts/" + id;
    rig.call("PATCH", path, "{\"status\":\"disabled\"}");

    Answer answer =
        overtaken(
            path,
            "{\"status\":\"active\"}",
            """
            update accounts set status = 'error', revision = revision + 1,
              error = '{"code": "invalid_grant", "detail": "gone", "since": "2026-11-23T10:00:00Z"}'
            where id = %d
            """
                .formatted(id));

    assertThat(answer.code()).isEqualTo("precondition_failed");
    assertThat(rig.get(path).json().getString("status")).isEqualTo("error");
  }

  @Test
  void aChangeOfAProxyTakesNothingBackThatItDidNotSee() {
    Answer made = rig.post("/v1/proxies", "{\"name\":\"ours\",\"url\":\"http://127.0.0.1:3132\"}");
    String path = "/v1/proxies/" + made.json().getLong("id");

    Answer answer =
        overtaken(
            path,
            "{\"disabled\":true}",
            "update proxies set name = 'theirs', port = 3133, revision = revision + 1 where id = "
                + made.json().getLong("id"));

    assertThat(answer.code()).isEqualTo("precondition_failed");
    assertThat(rig.get(path).json().getString("name")).isEqualTo("theirs");
    assertThat(rig.get(path).json().getString("url")).endsWith(":3133");
    assertThat(rig.call("PATCH", path, "{\"disabled\":true}").status()).isEqualTo(200);
  }
}
