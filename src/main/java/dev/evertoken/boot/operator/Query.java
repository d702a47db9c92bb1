package dev.evertoken.boot.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The query of a request; what is null is left out. */
final class Query {

  private final StringBuilder text = new StringBuilder();

  Query with(String name, @Nullable Object value) {
    if (value != null) {
      text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value));
    }
    return this;
  }

  /** The whole query, with the parameters of another one. */
  String and(Query more) {
    return text.isEmpty() ? more.toString() : text + more.toString().replaceFirst("^[?]", "&");
  }

  /** The values as one, separated by commas. */
  Query withAll(String name, @Nullable Collection<?> values) {
    return values == null || values.isEmpty()
        ? this
        : with(name, values.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  private static String encoded(Object value) {
    return URLEncoder.encode(value.toString(), UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
