package dev.evertoken.app;

import java.util.Comparator;

/** The place of a member in an order of its pool: by priority, then by the key, then by the id. */
record PoolPlace(int priority, long key, long id) implements Comparable<PoolPlace> {

  private static final Comparator<PoolPlace> ORDER =
      Comparator.comparingInt(PoolPlace::priority)
          .thenComparingLong(PoolPlace::key)
          .thenComparingLong(PoolPlace::id);

  /** Before everything of the priority. */
  static PoolPlace begin(int priority) {
    return new PoolPlace(priority, Long.MIN_VALUE, Long.MIN_VALUE);
  }

  /** After everything of the priority with that key or a lower one. */
  static PoolPlace after(int priority, long key) {
    return new PoolPlace(priority, key, Long.MAX_VALUE);
  }

  /** After everything of the priority. */
  static PoolPlace end(int priority) {
    return after(priority, Long.MAX_VALUE);
  }

  @Override
  public int compareTo(PoolPlace other) {
    return ORDER.compare(this, other);
  }
}
