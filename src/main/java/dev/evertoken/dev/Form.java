package dev.evertoken.dev;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a form body or a query, decoded. */
record Form(Map<String, List<String>> fields) {
  private static final String TYPE = "application/x-www-form-urlencoded";

  /** The fields of a body; none where it is not a form. */
  static Form ofBody(@Nullable String contentType, Buffer body) {
    return contentType != null && contentType.toLowerCase(java.util.Locale.ROOT).startsWith(TYPE)
        ? of(body.toString(StandardCharsets.UTF_8))
        : new Form(Map.of());
  }

  static Form ofQuery(@Nullable String query) {
    return of(query == null ? "" : query);
  }

  private static Form of(String encoded) {
    return new Form(Map.copyOf(new QueryStringDecoder(encoded, false).parameters()));
  }

  /** The value of a field that is there exactly once and not empty. */
  Optional<String> one(String name) {
    List<String> values = fields.getOrDefault(name, List.of());
    return values.size() == 1 && !values.getFirst().isEmpty()
        ? Optional.of(values.getFirst())
        : Optional.empty();
  }

  /** RFC 6749, 3.2: a parameter must not be there twice. */
  boolean repeatsAField() {
    return fields.values().stream().anyMatch(values -> values.size() > 1);
  }
}
