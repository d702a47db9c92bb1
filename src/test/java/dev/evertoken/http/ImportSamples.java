package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Lines of files of accounts, and what reports say of them. */
final class ImportSamples {

  static final String IMPORT = "/v1/accounts/import";
  static final String REHEARSAL = IMPORT + "?dry_run=true";

  private ImportSamples() {}

  static Answer lines(ApiRig rig, String path, String... lines) {
    return rig.callAs(
        ApiRig.ADMIN_KEY,
        "POST",
        path,
        String.join("\n", lines),
        "Content-Type",
        "application/x-ndjson");
  }

  static String line(String name, String credentials) {
    return "{\"name\":\"%s\",\"platform\":\"sample\",\"credentials\":%s}"
        .formatted(name, credentials);
  }

  static String token(String name) {
    return "{\"refresh_token\":\"canary-rt-of-" + name + "\"}";
  }

  static JsonObject result(Answer answer, int place) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(answer.response().body()).doesNotContain("canary");
    return answer.json().getJsonArray("results").getJsonObject(place);
  }

  static List<String> outcomes(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(answer.response().body()).doesNotContain("canary");
    return answer.json().getJsonArray("results").stream()
        .map(one -> ((JsonObject) one).getString("outcome"))
        .toList();
  }

  static String pointer(JsonObject result) {
    JsonArray errors =
        result.getJsonObject("problem", new JsonObject()).getJsonArray("errors", new JsonArray());
    return errors.isEmpty() ? "" : errors.getJsonObject(0).getString("pointer");
  }
}
