package dev.evertoken.adapter.redis;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Typed reads of a JSON object that we wrote ourselves; anything unexpected throws. */
record JsonFields(JsonObject json) {

  static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  String text(String name) {
    return Objects.requireNonNull(json.getString(name), name);
  }

  @Nullable String textOrNull(String name) {
    return json.getString(name);
  }

  long whole(String name) {
    return Objects.requireNonNull(json.getLong(name), name);
  }

  @Nullable Long wholeOrNull(String name) {
    return json.getLong(name);
  }

  boolean flag(String name) {
    return Objects.requireNonNull(json.getBoolean(name), name);
  }

  Instant time(String name) {
    return Instant.parse(text(name));
  }

  @Nullable Instant timeOrNull(String name) {
    String text = textOrNull(name);
    return text == null ? null : Instant.parse(text);
  }

  JsonFields object(String name) {
    return Objects.requireNonNull(objectOrNull(name), name);
  }

  @Nullable JsonFields objectOrNull(String name) {
    JsonObject object = json.getJsonObject(name);
    return object == null ? null : new JsonFields(object);
  }

  JsonArray array(String name) {
    return Objects.requireNonNull(json.getJsonArray(name), name);
  }
}
