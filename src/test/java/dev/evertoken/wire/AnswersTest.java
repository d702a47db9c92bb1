package dev.evertoken.wire;

import static dev.evertoken.wire.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Benches;
import dev.evertoken.domain.Blocker;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Warning;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The exact shapes of the contract. */
class AnswersTest {

  private final Account account = Samples.account(7, 12);

  @Test
  void aTokenAnswerHasTheShapeOfTheContract() {
    TokenAnswer answer =
        new TokenAnswer(
            Secret.of("t"),
            "Bearer",
            NOW.plusSeconds(2400),
            account,
            TokenState.STALE,
            NOW.plusSeconds(1500),
            List.of(new Warning(Warning.Code.BENCHED, "because")));

    assertThat(TokenAnswerJson.of(answer, NOW.plusMillis(1)))
        .isEqualTo(
            new JsonObject(
                """
                {"access_token":"t","token_type":"Bearer","expires_at":"2026-11-23T10:40:00Z",
                 "expires_in":2399,
                 "account":{"id":7,"name":"blue","platform":"antigravity","project_id":"p-1","proxy_id":3},
                 "generation":12,"state":"stale","refresh_after":"2026-11-23T10:25:00Z",
                 "warnings":[{"code":"benched","detail":"because"}]}
                """));
  }

  @Test
  void noTimeToWaitForLiesInThePast() {
    TokenAnswer overdue =
        new TokenAnswer(
            Secret.of("t"),
            "Bearer",
            NOW.minusSeconds(1),
            account,
            TokenState.STALE,
            NOW.minusSeconds(900),
            List.of());

    JsonObject json = TokenAnswerJson.of(overdue, NOW);

    assertThat(json.getLong("expires_in")).isZero();
    assertThat(json.getString("refresh_after")).isEqualTo("2026-11-23T10:00:00Z");
  }

  @Test
  void aTokenThatDoesNotEndHasNoExpiry() {
    TokenAnswer answer =
        new TokenAnswer(Secret.of("k"), "ApiKey", null, account, TokenState.FRESH, null, List.of());

    JsonObject json = TokenAnswerJson.of(answer, NOW);

    assertThat(json.getValue("expires_at")).isNull();
    assertThat(json.getValue("expires_in")).isNull();
    assertThat(json.getJsonArray("warnings")).isEmpty();
  }

  @Test
  void aProblemHasTheShapeOfTheContract() {
    Problem problem =
        Problem.of(ProblemCode.TEMPORARILY_UNSCHEDULABLE, "The account is out.")
            .about(account)
            .withCause(BenchCause.RATE_LIMITED)
            .until(NOW.plusMillis(1500), NOW);

    assertThat(ProblemJson.of(problem, "trace"))
        .isEqualTo(
            new JsonObject(
                """
                {"type":"urn:evertoken:problem:temporarily_unschedulable","title":"The account is benched",
                 "status":503,"detail":"The account is out.","code":"temporarily_unschedulable",
                 "retryable":true,"trace_id":"trace","account":7,"platform":"antigravity","generation":12,
                 "cause":"rate_limited","until":"2026-11-23T10:00:01.500Z","retry_after":2}
                """));
  }

  @Test
  void aProblemShowsItsFields() {
    Problem problem = Problem.field(ProblemCode.INVALID, "/platform", "another platform");

    assertThat(ProblemJson.of(problem, null).getJsonArray("errors"))
        .isEqualTo(new JsonArray("[{\"pointer\":\"/platform\",\"detail\":\"another platform\"}]"));
    assertThat(ProblemJson.inQuery(problem).errors().getFirst().pointer()).isEqualTo("?platform");
  }

  @Test
  void aBugIsToldAsAFixedText() {
    Problem problem = ProblemJson.problem(new IllegalStateException("canary"));

    assertThat(problem.code()).isEqualTo(ProblemCode.INTERNAL);
    assertThat(problem.detail()).doesNotContain("canary");
  }

  @Test
  void waitsAreRoundedUp() {
    Problem problem = Problem.of(ProblemCode.RATE_LIMITED, "later");

    assertThat(ProblemJson.retryAfterSeconds(problem.withRetryAfter(Duration.ZERO))).isEqualTo(1);
    assertThat(ProblemJson.retryAfterSeconds(problem.withRetryAfter(Duration.ofMillis(29_001))))
        .isEqualTo(30);
  }

  @Test
  void anAccountShowsNoSecretAndWhatBlocksIt() {
    Suspension proxyDown =
        new Suspension(
            Suspension.Kind.PROXY, null, 3L, "refused", NOW.minusSeconds(5), NOW.plusSeconds(25));

    JsonObject json = AccountJson.of(account, Blocker.of(account, List.of(proxyDown), NOW), NOW);

    assertThat(json.encode()).doesNotContain("canary");
    assertThat(json.getBoolean("schedulable")).isFalse();
    assertThat(json.getJsonArray("blocked_by"))
        .isEqualTo(
            new JsonArray(
                """
                [{"kind":"bench","id":null,"until":"2026-11-23T10:00:30Z","why":"rate_limited"},
                 {"kind":"bench","id":null,"until":"2026-11-23T10:01:30Z","why":"manual"},
                 {"kind":"proxy","id":3,"until":"2026-11-23T10:00:25Z","why":"refused"}]
                """));
    assertThat(json.getJsonObject("credentials"))
        .isEqualTo(
            new JsonObject(
                """
                {"refresh_token":true,"access_token":true,"expires_at":true,"project_id":true,"email":true}
                """));
    assertThat(json.getJsonObject("last_refresh"))
        .isEqualTo(
            new JsonObject(
                """
                {"at":"2026-11-23T09:59:00Z","outcome":"succeeded","class":"success",
                 "trigger":"background","duration_ms":412,"detail":null}
                """));
  }

  @Test
  void aBenchShowsTheLatestEndOnTopAndAllThatRun() {
    JsonObject json = BenchJson.of(account.benches(), NOW);

    assertThat(json.getString("until")).isEqualTo("2026-11-23T10:01:30Z");
    assertThat(json.getString("cause")).isEqualTo("manual");
    assertThat(json.getJsonArray("benches")).hasSize(2);
    assertThat(BenchJson.of(Benches.NONE, NOW)).isEqualTo(new JsonObject().put("active", false));
  }

  @Test
  void aNoticeIsReadAsItWasWritten() {
    Notice notice =
        new Notice(
            "id-1",
            Notice.Type.TEMP_UNSCHED_SET,
            7L,
            "antigravity",
            3L,
            4L,
            "pool",
            12L,
            40L,
            NOW,
            BenchCause.RATE_LIMITED,
            "because",
            "node-a",
            NOW);

    assertThat(NoticeJson.read(NoticeJson.of(notice))).contains(notice);
  }

  @Test
  void aNoticeOfALaterVersionIsReadAsFarAsItIsKnown() {
    JsonObject message =
        new JsonObject(
            """
            {"schema":1,"id":"x","type":"changed","cause":"solar_storm","until":7,"surplus":[1],
             "account":7,"node":"b","at":"2026-11-23T10:00:00Z"}
            """);

    assertThat(NoticeJson.read(message)).map(Notice::cause).isEmpty();
    assertThat(NoticeJson.read(message)).map(Notice::account).contains(7L);
    assertThat(NoticeJson.read(message.copy().put("schema", 2))).isEmpty();
    assertThat(NoticeJson.read(message.copy().put("type", "solar_storm"))).isEmpty();
    assertThat(NoticeJson.read("text")).isEmpty();
    assertThat(NoticeJson.read(null)).isEmpty();
  }
}
