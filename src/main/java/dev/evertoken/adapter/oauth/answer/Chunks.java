package dev.evertoken.adapter.oauth.answer;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes chunks apart (RFC 9112, section 7.1), extensions skipped.
 *
 * <p>Where the framing breaks, the bytes from there on are taken as they are: the body itself shows
 * where it ends.
 */
final class Chunks {

  private static final Pattern SIZE = Pattern.compile("[ \\t]*([0-9A-Fa-f]{1,8})[ \\t]*(?:;.*)?");
  private static final Pattern BEGUN =
      Pattern.compile("[ \\t]*[0-9A-Fa-f]{0,8}[ \\t]*(?:\\r?|;.*)", Pattern.DOTALL);
  private static final int LONGEST_SIZE_LINE = 16 * 1024;

  private final Bytes raw;
  private final Bytes body;
  private int at;
  private long left;
  private State state = State.SIZE;

  private enum State {
    SIZE,
    DATA,
    DATA_END,
    BROKEN,
    LAST
  }

  Chunks(Bytes raw, int from, Bytes body) {
    this.raw = raw;
    this.at = from;
    this.body = body;
  }

  /** Takes what has arrived. */
  void advance() {
    while (state != State.LAST && step()) {
      // Each step takes one part.
    }
  }

  /** Whether the last chunk was seen. */
  boolean last() {
    return state == State.LAST;
  }

  /** Whether the framing broke. */
  boolean broken() {
    return state == State.BROKEN;
  }

  /** The last chunk came too early: whatever follows belongs to the body. */
  void goOn() {
    state = State.BROKEN;
  }

  private boolean step() {
    return switch (state) {
      case SIZE -> size();
      case DATA -> data();
      case DATA_END -> dataEnd();
      case BROKEN -> rest();
      case LAST -> false;
    };
  }

  private boolean size() {
    int end = raw.find('\n', at);
    if (end < 0) {
      boolean begun = BEGUN.matcher(raw.text(at, Math.min(raw.size(), at + 40))).matches();
      if (begun && raw.size() - at <= LONGEST_SIZE_LINE) {
        return false;
      }
      state = State.BROKEN;
      return true;
    }
    Matcher parts = SIZE.matcher(raw.text(at, end).replaceAll("\\r+$", ""));
    if (!parts.matches()) {
      state = State.BROKEN;
      return true;
    }
    at = end + 1;
    left = Long.parseLong(parts.group(1).toLowerCase(Locale.ROOT), 16);
    state = left == 0 ? State.LAST : State.DATA;
    return true;
  }

  private boolean data() {
    int count = (int) Math.min(left, raw.size() - at);
    body.add(raw.copy(at, at + count), 0, count);
    at += count;
    left -= count;
    if (left > 0) {
      return false;
    }
    state = State.DATA_END;
    return true;
  }

  private boolean dataEnd() {
    if (at >= raw.size()) {
      return false;
    }
    byte next = raw.at(at);
    if (next == '\r' && at + 1 >= raw.size()) {
      return false;
    }
    int line = next == '\n' ? 1 : next == '\r' && raw.at(at + 1) == '\n' ? 2 : 0;
    at += line;
    state = line == 0 ? State.BROKEN : State.SIZE;
    return true;
  }

  private boolean rest() {
    int count = raw.size() - at;
    body.add(raw.copy(at, at + count), 0, count);
    at += count;
    return false;
  }
}
