package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator's refreshes and what follows from them, over HTTP, on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefreshApiTest {

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private static String path(long id) {
    return "/v1/accounts/" + id;
  }

  @Test
  void anOperatorsRefreshAnswersTheNewState() {
    long id = rig.healthy("fresh");
    Answer refreshed = rig.call("POST", path(id) + "/refresh", null);
    assertThat(refreshed.status()).isEqualTo(200);
    assertThat(refreshed.json().getLong("generation")).isEqualTo(2);
    assertThat(refreshed.json().getJsonObject("last_refresh").getString("trigger"))
        .isEqualTo("operator");
    assertThat(rig.provider.presented).contains("canary-rt-of-fresh");
  }

  @Test
  void aStaticKeyIsNotRefreshedAndAnUnknownAccountIsNone() {
    Answer created =
        rig.post(
            "/v1/accounts",
            """
            {"name": "key", "platform": "sample", "type": "upstream",
             "credentials": {"api_key": "canary-key"}}
            """);
    long id = created.json().getLong("id");
    assertThat(rig.call("POST", path(id) + "/refresh", null).status()).isEqualTo(422);
    assertThat(rig.call("POST", "/v1/accounts/99999/refresh", null).status()).isEqualTo(404);
    assertThat(rig.get(path(id) + "/token").json().getString("token_type")).isEqualTo("ApiKey");
  }

  @Test
  void aBatchOfThirtyWithOneUnknownRefreshesTwentyNine() {
    JsonArray ids = new JsonArray();
    for (int i = 0; i < 29; i++) {
      ids.add(rig.healthy("batch-" + i));
    }
    ids.add(99_999);
    Answer answer =
        rig.post("/v1/accounts/batch-refresh", new JsonObject().put("ids", ids).encode());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getInteger("total")).isEqualTo(30);
    assertThat(answer.json().getInteger("succeeded")).isEqualTo(29);
    assertThat(answer.json().getInteger("failed")).isEqualTo(1);
    JsonArray results = answer.json().getJsonArray("results");
    assertThat(results.getJsonObject(29).getJsonObject("problem").getString("code"))
        .isEqualTo("not_found");
    assertThat(List.of(results.getJsonObject(0).getLong("account")))
        .containsExactly(ids.getLong(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400 | /ids",
        "{\"ids\":7} | 400 | /ids",
        "{\"ids\":[0]} | 422 | /ids/0",
        "{\"ids\":[\"7\"]} | 400 | /ids/0",
        "{\"ids\":[1],\"more\":1} | 400 | /more"
      })
  void aBatchThatIsNoListOfIdsIsRefused(String body, int status, String pointer) {
    Answer answer = rig.post("/v1/accounts/batch-refresh", body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().getJsonArray("errors").getJsonObject(0).getString("pointer"))
        .isEqualTo(pointer);
  }

  @Test
  @DisplayName("74 a batch has at most 500 ids; each is answered for itself and once")
  void aBatchIsBounded() {
    long key = rig.account("batch-off", "{\"refresh_token\": \"canary-rt-off\"}");
    rig.call("PATCH", path(key), "{\"status\":\"disabled\"}");
    JsonArray ids = new JsonArray().add(key).add(key);
    for (int i = 0; i < 498; i++) {
      ids.add(1_000_000 + i);
    }
    Answer answer =
        rig.post("/v1/accounts/batch-refresh", new JsonObject().put("ids", ids).encode());
    assertThat(answer.json().getInteger("total")).isEqualTo(499);
    JsonObject first = answer.json().getJsonArray("results").getJsonObject(0);
    assertThat(first.getJsonObject("problem").getString("code")).isEqualTo("account_disabled");
    ids.add(7);
    assertThat(
            rig.post("/v1/accounts/batch-refresh", new JsonObject().put("ids", ids).encode())
                .status())
        .isEqualTo(422);
  }

  @Test
  void anErrorIsClearedAndTheAccountUsableAgain() {
    long id = rig.account("failing", "{\"refresh_token\": \"canary-rt-failing\"}");
    rig.provider.refuse("invalid_grant");
    try {
      Answer failed = rig.get(path(id) + "/token");
      assertThat(failed.status()).isEqualTo(424);
      assertThat(rig.get(path(id)).json().getString("status")).isEqualTo("error");
      assertThat(rig.call("PATCH", path(id), "{\"status\":\"active\"}").status()).isEqualTo(422);
    } finally {
      rig.provider.refuse(null);
    }
    Answer cleared = rig.call("POST", path(id) + "/clear-error", null);
    assertThat(cleared.status()).isEqualTo(200);
    assertThat(cleared.json().getString("status")).isEqualTo("active");
    assertThat(rig.get(path(id) + "/token").status()).isEqualTo(200);
  }
}
