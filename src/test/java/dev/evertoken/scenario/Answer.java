package dev.evertoken.scenario;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the service answered, and how long that took. */
public record Answer(int status, String body, HttpResponse<String> response, Duration took) {

  public JsonObject json() {
    return new JsonObject(body);
  }

  public String text(String field) {
    return json().getString(field);
  }

  public String token() {
    return text("access_token");
  }

  /** The problem's code. */
  public String code() {
    return text("code");
  }

  public Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /** The codes of a token answer's warnings. */
  public List<String> warnings() {
    JsonArray warnings = json().getJsonArray("warnings");
    return warnings.stream().map(w -> ((JsonObject) w).getString("code")).toList();
  }
}
