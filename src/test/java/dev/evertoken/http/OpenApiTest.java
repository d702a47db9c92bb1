package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The description of the API describes this API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenApiTest {

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\": ?\"#([^\"]+)\"");

  private final ApiRig rig = new ApiRig();
  private final Answer answer = rig.callAs(ApiRig.ADMIN_KEY, "GET", "/openapi.json", null);

  @AfterAll
  void stop() {
    rig.close();
  }

  @Test
  void everyEndpointIsDescribedWithItsScopeAndNothingElseIs() {
    Map<String, String> served = new TreeMap<>();
    for (Endpoint endpoint : Endpoints.of(rig.services, new Flight())) {
      served.put(
          endpoint.method().name() + " " + endpoint.path(),
          endpoint.scope() == null ? "" : endpoint.scope().wire());
    }
    assertThat(described()).isEqualTo(served);
  }

  private Map<String, String> described() {
    Map<String, String> operations = new TreeMap<>();
    JsonObject paths = answer.json().getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject methods = paths.getJsonObject(path);
      for (String method : methods.fieldNames()) {
        if (METHODS.contains(method)) {
          JsonArray security = methods.getJsonObject(method).getJsonArray("security");
          String scope =
              security.isEmpty() ? "" : security.getJsonObject(0).getJsonArray("key").getString(0);
          operations.put(method.toUpperCase(Locale.ROOT) + " " + path, scope);
        }
      }
    }
    return operations;
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    var references = REFERENCE.matcher(answer.response().body());
    int found = 0;
    while (references.find()) {
      Object target = answer.json();
      for (String step : references.group(1).substring(1).split("/", -1)) {
        target = ((JsonObject) target).getValue(step);
        assertThat(target).as(references.group(1)).isInstanceOf(JsonObject.class);
      }
      found++;
    }
    assertThat(found).isGreaterThan(30);
  }

  @Test
  void whatAnAccountShowsIsWhatIsDescribed() {
    JsonObject account = rig.get("/v1/accounts/" + rig.healthy("described")).json();
    assertThat(account.fieldNames()).isEqualTo(properties("Account"));
    JsonObject token = rig.get("/v1/accounts/" + account.getLong("id") + "/token").json();
    assertThat(token.fieldNames()).isEqualTo(properties("TokenAnswer"));
  }

  private Set<String> properties(String schema) {
    return answer
        .json()
        .getJsonObject("components")
        .getJsonObject("schemas")
        .getJsonObject(schema)
        .getJsonObject("properties")
        .fieldNames();
  }
}
