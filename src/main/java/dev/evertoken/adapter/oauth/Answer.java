package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came back over HTTP.
 *
 * @param retryAfter the header, or null
 * @param body as UTF-8; empty when it was too large
 */
record Answer(int status, @Nullable String retryAfter, Secret body) {

  /** The body as a JSON object whatever its content type says; null when it is none. */
  @Nullable Map<String, Object> json() {
    try {
      return new JsonObject(body.reveal()).getMap();
    } catch (DecodeException notAnObject) {
      return null;
    }
  }
}
