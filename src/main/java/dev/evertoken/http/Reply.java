package dev.evertoken.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is no problem.
 *
 * @param revision becomes the {@code ETag}; null: none
 * @param location of what was created, or null
 */
record Reply(
    int status,
    @Nullable Buffer body,
    CharSequence contentType,
    @Nullable Long revision,
    @Nullable String location) {

  static Reply json(JsonObject body) {
    return json(200, body);
  }

  static Reply json(int status, JsonObject body) {
    return bytes(status, body.toBuffer(), Headers.JSON);
  }

  static Reply bytes(int status, Buffer body, CharSequence contentType) {
    return new Reply(status, body, contentType, null, null);
  }

  static Reply noContent() {
    return new Reply(204, null, Headers.JSON, null, null);
  }

  Reply withRevision(long value) {
    return new Reply(status, body, contentType, value, location);
  }

  Reply createdAt(String path) {
    return new Reply(201, body, contentType, revision, path);
  }
}
