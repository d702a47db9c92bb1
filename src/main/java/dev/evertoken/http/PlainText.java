package dev.evertoken.http;

import dev.evertoken.wire.RequestFields;
import org.jspecify.annotations.Nullable;

/** Texts of one line that people read: names and reasons. */
final class PlainText {

  private PlainText() {}

  /** A text without control characters; null when it is not given or wrong (which is noted). */
  static @Nullable String of(RequestFields fields, String name, int longest) {
    String text = fields.text(name, longest);
    if (text != null && !plain(text)) {
      fields.invalid(name, "control characters are not allowed");
      return null;
    }
    return text;
  }

  static boolean plain(String text) {
    return text.chars().noneMatch(Character::isISOControl);
  }
}
