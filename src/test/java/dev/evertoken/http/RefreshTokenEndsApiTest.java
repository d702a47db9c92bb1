package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Refresh tokens that end or are in doubt, as operators and callers see them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefreshTokenEndsApiTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private static String path(long id) {
    return "/v1/accounts/" + id;
  }

  private Instant days(int days) {
    return rig.time.instant().plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS);
  }

  private long ending(String name, Instant end) {
    return rig.account(
        name,
        """
        {"refresh_token": "canary-rt-%1$s", "access_token": "canary-at-%1$s",
         "expires_at": %2$d, "refresh_token_expires_at": "%3$s"}
        """
            .formatted(name, rig.time.instant().plusSeconds(2400).getEpochSecond(), end));
  }

  private List<Long> listed(String query) {
    JsonArray items = rig.get("/v1/accounts?limit=500&" + query).json().getJsonArray("items");
    return items.stream().map(item -> ((JsonObject) item).getLong("id")).toList();
  }

  private long unreadable(String name, String expiry) {
    long id = rig.healthy(name);
    rig.sql(
        "update accounts set unknown_since = now(), unreadable_since = now(), expires_at = "
            + expiry
            + ", revision = revision + 1 where id = "
            + id);
    rig.call("PATCH", path(id), "{\"priority\":7}"); // so that this node knows of it
    return id;
  }

  @Test
  void theEndOfARefreshTokenIsTakenShownChangedAndExported() {
    long id = ending("shown", days(90));
    assertThat(rig.get(path(id)).json().getInstant("refresh_token_expires_at")).isEqualTo(days(90));

    Answer changed =
        rig.call(
            "PATCH",
            path(id),
            "{\"credentials\":{\"refresh_token_expires_at\":\"%s\"}}".formatted(days(60)));
    assertThat(changed.json().getInstant("refresh_token_expires_at")).isEqualTo(days(60));

    Answer exported = rig.get("/v1/accounts/export?secrets=true&format=lines&name=shown");
    assertThat(exported.response().body())
        .contains("\"refresh_token_expires_at\":\"" + days(60) + "\"");
    Answer cleared =
        rig.call("PATCH", path(id), "{\"credentials\":{\"refresh_token_expires_at\":null}}");
    assertThat(cleared.json().getString("refresh_token_expires_at")).isNull();
  }

  @Test
  void whatNeedsAttentionAndWhatEndsBeforeATimeIsListed() {
    long near = ending("near", days(6));
    long far = ending("far", days(60));
    long unread = unreadable("in-doubt", "now() + interval '40 minutes'");
    long well = rig.healthy("well");

    assertThat(listed("needs=attention")).contains(near, unread).doesNotContain(far, well);
    assertThat(listed("refresh_token_expires_before=" + days(61)))
        .contains(near, far)
        .doesNotContain(well, unread);
    assertThat(rig.get("/v1/accounts?needs=love").status()).isEqualTo(422);
  }

  @Test
  void anUnreadAnswerIsToldAndNoRequestPresentsTheTokenAgain() {
    long id = unreadable("unread", "now() - interval '1 minute'");

    Answer refused = rig.get(path(id) + "/token");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("outcome_unknown");
    JsonObject shown = rig.get(path(id)).json();
    assertThat(shown.getString("unreadable_since")).isNotNull();
    assertThat(shown.getJsonArray("blocked_by").getJsonObject(0).getString("why"))
        .isEqualTo("outcome_unknown");
    assertThat(rig.provider.presented).doesNotContain("canary-rt-of-unread");
  }

  @Test
  void anUnreadAnswerWithholdsNoValidToken() {
    long id = unreadable("unread-valid", "now() + interval '40 minutes'");

    JsonObject answer = rig.get(path(id) + "/token").json();

    assertThat(answer.getString("state")).isEqualTo("stale");
    assertThat(answer.getJsonArray("warnings").getJsonObject(0).getString("code"))
        .isEqualTo("outcome_unknown");
  }

  @Test
  void anOperatorForcesATokenThatMayBeSpentAndNothingElseDoes() {
    long id = unreadable("forced", "now() - interval '1 minute'");

    Answer refused = rig.call("POST", path(id) + "/refresh", null);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("outcome_unknown");
    assertThat(refused.json().getString("detail")).contains("force");

    Answer forced = rig.call("POST", path(id) + "/refresh?force=true", null);
    assertThat(forced.status()).isEqualTo(200);
    assertThat(forced.json().getString("unreadable_since")).isNull();
    assertThat(rig.provider.presented).contains("canary-rt-of-forced");
  }

  @Test
  void theTypeOfATokenIsTheProvidersAndTheDifferenceIsToldOnce() throws Exception {
    rig.provider.tokenType("bot");
    try {
      long id = rig.account("typed", "{\"refresh_token\": \"canary-rt-typed\"}");
      long second = rig.account("typed-2", "{\"refresh_token\": \"canary-rt-typed-2\"}");
      assertThat(rig.get(path(id) + "/token").json().getString("token_type")).isEqualTo("bot");
      assertThat(rig.get(path(id) + "/token").json().getString("token_type")).isEqualTo("bot");
      assertThat(rig.get(path(second) + "/token").json().getString("token_type")).isEqualTo("bot");
    } finally {
      rig.provider.tokenType("Bearer");
    }
    rig.get("/v1/accounts");
    try (var connection = rig.connect();
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "select count(*) from unlike_template where kind = 'other_token_type'")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(1);
    }
  }

  @Test
  void aReportIsGrantedNoMoreThanThePlatformAllowsAndToldUntilWhen() {
    long id = rig.healthy("reported");

    Answer report =
        rig.post(path(id) + "/reports", "{\"generation\":1,\"status\":429,\"retry_after\":864000}");

    Instant now = rig.time.instant();
    assertThat(report.json().getInstant("until"))
        .isBetween(now.plus(Duration.ofMinutes(14)), now.plus(Duration.ofMinutes(15)));
    Answer none = rig.post(path(id) + "/reports", "{\"generation\":1,\"status\":404}");
    assertThat(none.json().containsKey("until")).isFalse();
  }

  @Test
  void theLinesOfARefreshNameTheRequestThatStartedIt() {
    long id = rig.account("traced", "{\"refresh_token\": \"canary-rt-traced\"}");
    Logger logger = (Logger) LoggerFactory.getLogger("dev.evertoken.app.refresh");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Level before = logger.getLevel();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    try {
      rig.callAs(
          ApiRig.ADMIN_KEY,
          "GET",
          path(id) + "/token",
          null,
          "traceparent",
          "00-" + TRACE + "-b7ad6b7169203331-01");
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(before);
    }
    assertThat(lines.list)
        .filteredOn(line -> line.getMessage().equals("refresh_ended"))
        .filteredOn(line -> line.getKeyValuePairs().contains(new KeyValuePair("account", id)))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.getKeyValuePairs())
                    .anyMatch(pair -> pair.key.equals("trace_id") && TRACE.equals(pair.value)));
  }
}
