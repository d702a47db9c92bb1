package dev.evertoken.app;

import dev.evertoken.domain.PlainNumber;
import dev.evertoken.domain.Secret;

/** The form of an API key: {@code evt_<id>_<secret>}. */
final class PresentedKey {

  private static final String PREFIX = "evt_";

  private PresentedKey() {}

  /** The id in it; 0 when it has another form. */
  static long idOf(Secret presented) {
    String text = presented.reveal();
    int end = text.indexOf('_', PREFIX.length());
    if (!text.startsWith(PREFIX) || end < 0 || end == text.length() - 1) {
      return 0;
    }
    return PlainNumber.of(text, PREFIX.length(), end);
  }

  /** What comes after the id; the form must have been looked at. */
  static Secret lastPart(Secret presented) {
    String text = presented.reveal();
    return Secret.of(text.substring(text.indexOf('_', PREFIX.length()) + 1));
  }
}
