package dev.evertoken.app;

import dev.evertoken.domain.Secret;
import java.util.Optional;

/** The form of an API key: {@code evt_<id>_<secret>}. */
final class PresentedKey {

  private static final String PREFIX = "evt_";
  private static final int LONGEST_ID = 18;

  private PresentedKey() {}

  /** The id in it; empty when it has another form. */
  static Optional<Long> idOf(Secret presented) {
    String text = presented.reveal();
    int end = text.indexOf('_', PREFIX.length());
    if (!text.startsWith(PREFIX) || end < 0 || end == text.length() - 1) {
      return Optional.empty();
    }
    String id = text.substring(PREFIX.length(), end);
    return plainNumber(id) ? Optional.of(Long.parseLong(id)) : Optional.empty();
  }

  private static boolean plainNumber(String text) {
    if (text.isEmpty() || text.length() > LONGEST_ID || text.charAt(0) == '0') {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** What comes after the id; the form must have been looked at. */
  static Secret lastPart(Secret presented) {
    String text = presented.reveal();
    return Secret.of(text.substring(text.indexOf('_', PREFIX.length()) + 1));
  }
}
