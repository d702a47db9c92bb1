package dev.evertoken.app;

import dev.evertoken.domain.Secret;

/** The form of an API key: {@code evt_<id>_<secret>}. */
final class PresentedKey {

  private static final String PREFIX = "evt_";
  private static final int LONGEST_ID = 18;

  private PresentedKey() {}

  /** The id in it; 0 when it has another form. */
  static long idOf(Secret presented) {
    String text = presented.reveal();
    int end = text.indexOf('_', PREFIX.length());
    if (!text.startsWith(PREFIX) || end < 0 || end == text.length() - 1) {
      return 0;
    }
    return plainNumber(text, PREFIX.length(), end)
        ? Long.parseLong(text, PREFIX.length(), end, 10)
        : 0;
  }

  private static boolean plainNumber(String text, int from, int to) {
    if (from == to || to - from > LONGEST_ID || text.charAt(from) == '0') {
      return false;
    }
    for (int i = from; i < to; i++) {
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
