package dev.evertoken.adapter.oauth.answer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that arrive bit by bit, up to a bound. */
final class Bytes {

  private final int most;
  private byte[] held = new byte[512];
  private int size;
  private boolean full;

  Bytes(int most) {
    this.most = most;
  }

  /** Keeps what fits; the rest is dropped and {@link #full} from then on. */
  void add(byte[] bytes, int from, int count) {
    int taken = Math.min(count, most - size);
    if (held.length < size + taken) {
      held = Arrays.copyOf(held, Math.max(size + taken, Math.min(most, held.length * 2)));
    }
    System.arraycopy(bytes, from, held, size, taken);
    size += taken;
    full |= taken < count;
  }

  boolean full() {
    return full;
  }

  int size() {
    return size;
  }

  byte at(int index) {
    return held[index];
  }

  /** Where a byte is next; -1: nowhere. */
  int find(char wanted, int from) {
    for (int i = from; i < size; i++) {
      if (held[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  String text(int from, int to) {
    return new String(held, from, to - from, StandardCharsets.ISO_8859_1);
  }

  byte[] copy(int from, int to) {
    return Arrays.copyOfRange(held, from, to);
  }
}
