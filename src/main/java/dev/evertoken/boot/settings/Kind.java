package dev.evertoken.boot.settings;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a value of a key may be.
 *
 * @param allowed says it to a person
 * @param reader empty: not allowed
 * @param shown the value as a log may show it
 * @param redacted the text of a value that is not allowed, as a message may show it
 */
record Kind<T>(
    String allowed,
    Function<String, Optional<T>> reader,
    Function<T, String> shown,
    UnaryOperator<String> redacted) {

  static <T> Kind<T> open(String allowed, Function<String, Optional<T>> reader) {
    return new Kind<>(allowed, reader, String::valueOf, UnaryOperator.identity());
  }

  Kind<T> shownAs(Function<T, String> form) {
    return new Kind<>(allowed, reader, form, redacted);
  }

  Optional<T> read(String text) {
    return reader.apply(text);
  }
}
