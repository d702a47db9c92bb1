package dev.evertoken.domain;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as answers write them, be it as a text. */
final class Numbers {

  // The bounds keep an exponent of a billion digits from being written out.
  private static final Pattern FORM =
      Pattern.compile("[+-]?[0-9]{1,400}(\\.[0-9]{0,400})?([eE][+-]?[0-9]{1,3})?");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

  private Numbers() {}

  /** The number of a text, a {@link Long} where it fits; null when it is none. */
  static @Nullable Number of(String text) {
    if (WHOLE.matcher(text).matches()) {
      return Long.valueOf(text);
    }
    return FORM.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  /**
   * The number that a member of an answer says, given as one or as a text; null when it is none.
   */
  static @Nullable BigDecimal said(@Nullable Object value) {
    if (!(value instanceof Number || value instanceof String)) {
      return null;
    }
    String text = value.toString().strip();
    return FORM.matcher(text).matches() ? new BigDecimal(text) : null;
  }
}
