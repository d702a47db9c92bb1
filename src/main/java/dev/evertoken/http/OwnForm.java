package dev.evertoken.http;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An account of a file in the form that our own API takes, since other programs write null or an
 * empty text for what is not there, numbers as text, and other names for kinds of accounts.
 */
final class OwnForm {

  private static final Set<String> NUMBERS = Set.of("priority", "proxy_id");
  private static final Set<String> TEXTS = Set.of("name", "project_id", "email");
  private static final Map<String, String> TYPES =
      Map.of("apikey", "upstream", "api_key", "upstream", "setup-token", "oauth");

  private OwnForm() {}

  static Map<String, Object> of(JsonObject given) {
    Map<String, Object> fields = given(given);
    fields.computeIfPresent(
        "type",
        (name, type) -> type instanceof String text ? TYPES.getOrDefault(text, text) : type);
    fields.computeIfPresent(
        "credentials",
        (name, inner) ->
            inner instanceof JsonObject object ? new JsonObject(given(object)) : inner);
    return fields;
  }

  /** What is null or blank is not given. */
  private static Map<String, Object> given(JsonObject object) {
    Map<String, Object> fields = new LinkedHashMap<>();
    object.forEach(
        field -> {
          Object value = field.getValue();
          if (value != null && !(value instanceof String text && text.isBlank())) {
            fields.put(field.getKey(), plain(field.getKey(), value));
          }
        });
    return fields;
  }

  private static Object plain(String name, Object value) {
    if (NUMBERS.contains(name)) {
      Long number = whole(value);
      return number == null ? value : number;
    }
    if (name.equals("paused") && value instanceof String text && text.matches("true|false")) {
      return Boolean.valueOf(text);
    }
    return TEXTS.contains(name) && value instanceof Number ? value.toString() : value;
  }

  /** Null: it is none. */
  private static @Nullable Long whole(Object value) {
    return switch (value) {
      case String text when text.strip().matches("-?\\d{1,18}") -> Long.valueOf(text.strip());
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          number.longValue();
      default -> null;
    };
  }
}
