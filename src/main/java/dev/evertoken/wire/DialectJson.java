package dev.evertoken.wire;

import dev.evertoken.domain.AnswerShape;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RequestForm;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes how a provider is asked and how its answers are read, by the names of the template. */
final class DialectJson {

  private DialectJson() {}

  /** The keys; of headers the names alone, since a value may be a key. */
  static JsonObject of(Platform platform) {
    RequestForm request = platform.requestForm();
    AnswerShape answer = platform.answerShape();
    return new JsonObject()
        .put("refresh_url", PlatformJson.shown(request.refreshUrl()))
        .put("body_format", WireName.of(request.bodyFormat()))
        .put("headers", new JsonArray(List.copyOf(new TreeSet<>(request.headers().keySet()))))
        .put("refresh_scope", request.sendScope() ? "send" : "omit")
        .put("basic_encoding", WireName.of(request.basicEncoding()))
        .put("answer", places(answer))
        .put("permanent", permanent(answer.permanent()))
        .put("expires_in_unit", WireName.of(answer.expiresInUnit()))
        .put("expires_in_zero", answer.zeroIsNever() ? "never" : "expired");
  }

  private static JsonObject places(AnswerShape answer) {
    Map<String, Object> places = new TreeMap<>();
    answer.places().forEach((field, path) -> places.put(WireName.of(field), path));
    AnswerShape.Mark ok = answer.ok();
    if (ok != null) {
      places.put("ok", new JsonObject().put("at", ok.at()).put("equals", ok.equals()));
    }
    return new JsonObject(places);
  }

  private static JsonArray permanent(List<AnswerShape.Refusal> refusals) {
    JsonArray listed = new JsonArray();
    for (AnswerShape.Refusal refusal : refusals) {
      listed.add(
          new JsonObject()
              .put("status", refusal.status())
              .put("at", refusal.at())
              .put("equals", refusal.equals()));
    }
    return listed;
  }
}
