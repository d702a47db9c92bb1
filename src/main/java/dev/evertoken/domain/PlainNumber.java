package dev.evertoken.domain;

/**
 * The one form of an id or a revision in text: digits, of which the first is no zero, at most 18 of
 * them.
 */
public final class PlainNumber {

  private static final int LONGEST = 18;

  private PlainNumber() {}

  /** The whole text as a number; 0 when it has another form. */
  public static long of(String text) {
    return of(text, 0, text.length());
  }

  /** The number between two places of a text; 0 when it has another form. */
  public static long of(String text, int from, int to) {
    if (from >= to || to - from > LONGEST || text.charAt(from) == '0') {
      return 0;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }
}
