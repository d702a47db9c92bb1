package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Token calls, reports and benches over HTTP, on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TokensApiTest {

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private static String path(long id) {
    return "/v1/accounts/" + id;
  }

  @Test
  void bothCallsAnswerTheTokenOfAnAccount() {
    long id = rig.healthy("asked");
    Answer got = rig.get(path(id) + "/token");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.json().getString("access_token")).isEqualTo("canary-at-of-asked");
    assertThat(got.header("cache-control")).contains("no-store");
    assertThat(got.header("pragma")).contains("no-cache");
    assertThat(got.header("x-content-type-options")).contains("nosniff");
    assertThat(got.header("etag")).isEmpty();
    Answer posted = rig.post("/v1/token", "{\"account\":" + id + ",\"min_ttl\":60}");
    assertThat(posted.json().getString("access_token")).isEqualTo("canary-at-of-asked");
  }

  @Test
  void everyAnswerIsTheWholeOneHoweverOftenItIsAskedFor() {
    long id = rig.healthy("asked-often");
    JsonObject first = rig.get(path(id) + "/token").json();
    for (int asked = 0; asked < 20; asked++) {
      JsonObject again = rig.get(path(id) + "/token").json();
      assertThat(again.getInteger("expires_in"))
          .isBetween(first.getInteger("expires_in") - 60, first.getInteger("expires_in"));
      again.put("expires_in", first.getInteger("expires_in"));
      assertThat(again).isEqualTo(first);
    }
  }

  @Test
  void aPoolAnswersOneOfItsAccounts() {
    rig.healthy("pooled");
    Answer answer = rig.post("/v1/token", "{\"pool\":\"sample\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getJsonObject("account").getString("platform")).isEqualTo("sample");
  }

  @ParameterizedTest
  @CsvSource({
    "min_ttl=-1,422",
    "min_ttl=1000000000000000000,422",
    "min_ttl=NaN,400",
    "min_ttl=1&min_ttl=2,400",
    "max_wait_ms=30001,422",
    "platform=other,422",
    "unknown=1,400",
    "include_benched=maybe,400"
  })
  void anOptionThatCannotBeIsRefused(String query, int status) {
    long id = rig.healthy("options" + query.hashCode());
    assertThat(rig.get(path(id) + "/token?" + query).status()).isEqualTo(status);
  }

  @Test
  void anUnknownAccountIs404AndOneOfBadFormIs400() {
    assertThat(rig.get("/v1/accounts/99999/token").status()).isEqualTo(404);
    assertThat(rig.get("/v1/accounts/x/token").status()).isEqualTo(400);
    assertThat(rig.get("/v1/accounts/007/token").status()).isEqualTo(400);
    assertThat(rig.call("PUT", "/v1/accounts/7/token", "{}").status()).isEqualTo(405);
    assertThat(rig.call("HEAD", "/v1/accounts/99999/token", null).status()).isEqualTo(404);
    assertThat(
            rig.callAs(ApiRig.ADMIN_KEY, "GET", "/v1/accounts/7/token", null, "Accept", "text/html")
                .status())
        .isEqualTo(406);
  }

  @Test
  void aReportOfARefusedTokenRefreshesAndOneOfAnOlderGenerationDoesNothing() {
    long id = rig.healthy("reported");
    Answer first = rig.post(path(id) + "/reports", "{\"generation\":1,\"status\":401}");
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.json().getString("action")).isEqualTo("refresh");
    Answer token = rig.get(path(id) + "/token");
    assertThat(token.json().getString("access_token")).isNotEqualTo("canary-at-of-reported");
    Answer stale = rig.post(path(id) + "/reports", "{\"generation\":1,\"status\":401}");
    assertThat(stale.json().getString("action")).isEqualTo("ignored_stale_generation");
    assertThat(stale.json().getLong("generation")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400",
        "{\"generation\":1} | 400",
        "{\"generation\":1,\"status\":42} | 422",
        "{\"generation\":\"1\",\"status\":401} | 400",
        "{\"generation\":1,\"status\":401,\"x\":1} | 400"
      })
  void aReportThatCannotBeReadIsRefused(String body, int status) {
    long id = rig.healthy("misreported" + body.hashCode());
    assertThat(rig.post(path(id) + "/reports", body).status()).isEqualTo(status);
  }

  @Test
  void aBenchWithholdsTheTokenUntilItIsEnded() {
    long id = rig.healthy("benched");
    String bench = path(id) + "/temp-unschedulable";
    assertThat(rig.get(bench).json().getBoolean("active")).isFalse();
    Answer set = rig.call("PUT", bench, "{\"seconds\":600,\"reason\":\"maintenance\"}");
    assertThat(set.status()).isEqualTo(200);
    assertThat(set.json().getString("cause")).isEqualTo("manual");
    assertThat(set.json().getString("reason")).isEqualTo("maintenance");
    Answer refused = rig.get(path(id) + "/token");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("temporarily_unschedulable");
    assertThat(refused.json().getString("cause")).isEqualTo("manual");
    assertThat(refused.header("retry-after")).isPresent();
    assertThat(rig.get(path(id) + "/token?include_benched=true").status()).isEqualTo(200);
    Answer cleared = rig.call("DELETE", bench, null);
    assertThat(cleared.json().getBoolean("active")).isFalse();
    assertThat(rig.get(path(id) + "/token").status()).isEqualTo(200);
  }

  @Test
  void aBenchNeverShortens() {
    long id = rig.healthy("longer");
    String bench = path(id) + "/temp-unschedulable";
    String until = rig.call("PUT", bench, "{\"seconds\":600}").json().getString("until");
    assertThat(rig.call("PUT", bench, "{\"seconds\":300}").json().getString("until"))
        .isEqualTo(until);
  }

  @Test
  void onlyTheCauseThatIsNamedIsEnded() {
    long id = rig.healthy("two-causes");
    String bench = path(id) + "/temp-unschedulable";
    rig.call("PUT", bench, "{\"seconds\":600}");
    rig.post(path(id) + "/reports", "{\"generation\":1,\"status\":429,\"retry_after\":60}");
    Answer left = rig.call("DELETE", bench + "?cause=manual", null);
    assertThat(left.json().getString("cause")).isEqualTo("rate_limited");
    assertThat(left.json().getJsonArray("benches")).hasSize(1);
    assertThat(rig.call("DELETE", bench + "?cause=boredom", null).status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400",
        "{\"seconds\":0} | 422",
        "{\"seconds\":1e30} | 400",
        "{\"seconds\":\"9\"} | 400"
      })
  void aBenchOfNoLengthIsRefused(String body, int status) {
    long id = rig.healthy("unbenched" + body.hashCode());
    assertThat(rig.call("PUT", path(id) + "/temp-unschedulable", body).status()).isEqualTo(status);
  }
}
