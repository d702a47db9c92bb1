package dev.evertoken.wire;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The trace id of a request: the one of its {@code traceparent} (W3C), else a new one. */
public final class TraceId {

  private static final HexFormat HEX = HexFormat.of();
  private static final int ID_START = 3;
  private static final int ID_END = 35;
  private static final int LENGTH = 55;
  private static final String NOTHING = "0".repeat(ID_END - ID_START);

  private TraceId() {}

  /** The id in the header, or a new one where it is missing or malformed. */
  public static String of(@Nullable String traceparent) {
    return traceparent != null && wellFormed(traceparent)
        ? traceparent.substring(ID_START, ID_END)
        : fresh();
  }

  private static boolean wellFormed(String text) {
    return text.length() >= LENGTH
        && !text.startsWith("ff")
        && (text.length() == LENGTH || (!text.startsWith("00") && text.charAt(LENGTH) == '-'))
        && text.charAt(2) == '-'
        && text.charAt(ID_END) == '-'
        && text.charAt(52) == '-'
        && lowerHex(text, 0, 2)
        && lowerHex(text, ID_START, ID_END)
        && lowerHex(text, 36, 52)
        && lowerHex(text, 53, LENGTH)
        && !text.startsWith(NOTHING, ID_START);
  }

  private static boolean lowerHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static String fresh() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong() | 1);
  }
}
