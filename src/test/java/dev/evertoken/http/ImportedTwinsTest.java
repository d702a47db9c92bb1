package dev.evertoken.http;

import static dev.evertoken.http.ImportSamples.IMPORT;
import static dev.evertoken.http.ImportSamples.REHEARSAL;
import static dev.evertoken.http.ImportSamples.line;
import static dev.evertoken.http.ImportSamples.outcomes;
import static dev.evertoken.http.ImportSamples.result;
import static dev.evertoken.http.ImportSamples.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An import of what an account holds already: one that is in error, unreadable, or not shown. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImportedTwinsTest {

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private static String key(String name, String pool) {
    return "{\"name\":\"%s\",\"platform\":\"sample\",\"type\":\"upstream\",\"pools\":[\"%s\"],\"credentials\":{\"api_key\":\"canary-ak-of-%s\"}}"
        .formatted(name, pool, name);
  }

  private static JsonObject problem(Answer answer) {
    return result(answer, 0).getJsonObject("problem");
  }

  @Test
  @DisplayName("82 a row that cannot be opened is named to who may see it, and to nobody else")
  void anUnreadableHolder() {
    long id = rig.account("unreadable", token("unreadable"));
    rig.sql("update accounts set access_sealed = '\\x00' where id = " + id);
    Secret limited = rig.key(Set.of(Scope.ACCOUNTS_WRITE), Set.of("mine"), Set.of());
    String file = line("twin", token("unreadable"));
    for (String path : List.of(REHEARSAL, IMPORT)) {
      Answer whole = rig.post(path, file);
      assertThat(outcomes(whole)).containsExactly("failed");
      assertThat(problem(whole).getString("code")).isEqualTo("key_unavailable");
      assertThat(result(whole, 0).getLong("account")).isEqualTo(id);

      String pooled = path + (path.contains("?") ? "&" : "?") + "pool=mine";
      Answer blind = rig.callAs(limited, "POST", pooled, file);
      assertThat(outcomes(blind)).containsExactly("failed");
      assertThat(problem(blind).getString("code")).isEqualTo("conflict");
      assertThat(result(blind, 0).getValue("account")).isNull();
      assertThat(problem(blind).getValue("account")).isNull();
    }
  }

  @Test
  @DisplayName("82 a limited key is told of no account outside that has the same name and secret")
  void aHiddenTwin() {
    assertThat(outcomes(rig.post(IMPORT, key("same", "theirs")))).containsExactly("created");
    Secret limited = rig.key(Set.of(Scope.ACCOUNTS_WRITE), Set.of("mine"), Set.of());
    for (String path : List.of(REHEARSAL, IMPORT)) {
      assertThat(outcomes(rig.callAs(limited, "POST", path, key("same", "mine"))))
          .containsExactly("created");
    }
    assertThat(rig.get("/v1/accounts?name=same").json().getJsonArray("items")).hasSize(2);

    assertThat(outcomes(rig.callAs(limited, "POST", IMPORT, key("same", "mine"))))
        .as("its own is found again")
        .containsExactly("updated");
  }

  @Test
  void anErrorIsNotEndedByAFileThatKnowsNothingNew() {
    long id = rig.account("refused", token("refused"));
    rig.provider.refuse("invalid_grant");
    try {
      assertThat(rig.get("/v1/accounts/" + id + "/token").status()).isEqualTo(424);
    } finally {
      rig.provider.refuse(null);
    }

    Answer answer =
        rig.post(
            IMPORT,
            line("refused", token("refused"))
                .replace("{\"name\"", "{\"status\":\"active\",\"priority\":7,\"name\""));

    assertThat(outcomes(answer)).containsExactly("updated");
    assertThat(result(answer, 0).getJsonArray("changed")).isEqualTo(JsonArray.of("priority"));
    assertThat(rig.get("/v1/accounts/" + id).json().getString("status")).isEqualTo("error");
  }

  @Test
  void aProxyOfAnotherPasswordIsAnotherProxy() {
    String one = "http://u:canary-1@127.0.0.1:3996";
    String other = "http://u:canary-2@127.0.0.1:3996";
    long first = proxyOf(through("a", one));
    long second = proxyOf(through("b", other));
    assertThat(second).isNotEqualTo(first);
    assertThat(proxyOf(through("c", one))).isEqualTo(first);
    assertThat(proxyOf(through("d", other))).isEqualTo(second);
  }

  @Test
  void aProxyThatMovedSinceItWasTakenInIsMadeAnew() {
    String url = "http://u:canary-3@127.0.0.1:3995";
    long first = proxyOf(through("e", url));
    rig.call("PATCH", "/v1/proxies/" + first, "{\"url\":\"http://127.0.0.1:3994\"}");
    assertThat(proxyOf(through("f", url))).isNotEqualTo(first);
  }

  private Answer through(String name, String proxy) {
    return rig.post(
        IMPORT,
        line("px-" + name, token("px-" + name))
            .replace("{\"name\"", "{\"proxy\":{\"url\":\"" + proxy + "\"},\"name\""));
  }

  private static long proxyOf(Answer answer) {
    assertThat(outcomes(answer)).containsExactly("created");
    return answer.json().getJsonArray("proxies").getJsonObject(0).getLong("proxy");
  }
}
