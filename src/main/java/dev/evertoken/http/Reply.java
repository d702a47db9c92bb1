package dev.evertoken.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is no problem.
 *
 * @param revision becomes the {@code ETag}; null: none
 * @param location of what was created, or null
 * @param pieces of a body that is written while it is read; null: {@code body} is all
 */
record Reply(
    int status,
    @Nullable Buffer body,
    CharSequence contentType,
    @Nullable Long revision,
    @Nullable String location,
    @Nullable Pieces pieces) {

  /** A body that comes piece by piece; it is asked for the next one when the last was sent. */
  interface Pieces {

    /** The next piece; empty: that was all. */
    Future<Optional<Buffer>> next();
  }

  static Reply json(JsonObject body) {
    return json(200, body);
  }

  static Reply json(int status, JsonObject body) {
    return bytes(status, body.toBuffer(), Headers.JSON);
  }

  static Reply bytes(int status, Buffer body, CharSequence contentType) {
    return new Reply(status, body, contentType, null, null, null);
  }

  static Reply streamed(Pieces pieces, CharSequence contentType) {
    return new Reply(200, null, contentType, null, null, pieces);
  }

  static Reply noContent() {
    return new Reply(204, null, Headers.JSON, null, null, null);
  }

  Reply withRevision(long value) {
    return new Reply(status, body, contentType, value, location, pieces);
  }

  Reply createdAt(String path) {
    return new Reply(201, body, contentType, revision, path, pieces);
  }
}
