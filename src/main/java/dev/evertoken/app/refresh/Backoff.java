package dev.evertoken.app.refresh;

import java.time.Duration;
import java.util.SplittableRandom;

/** Waits that double from a first to a longest one. */
record Backoff(Duration first, Duration longest) {

  /** The wait before try {@code n} (0 is the first one that waits). */
  Duration exactly(int n) {
    long factor = 1L << Math.min(n, 20);
    Duration wait = first.multipliedBy(factor);
    return wait.compareTo(longest) > 0 ? longest : wait;
  }

  /**
   * Anything from nothing to that wait, so that those who failed together do not come back
   * together.
   *
   * @param nanos this node's monotonic time, which is chance enough
   */
  Duration jittered(int n, long nanos) {
    long scattered = new SplittableRandom(nanos).nextLong(exactly(n).toMillis() + 1);
    return Duration.ofMillis(scattered);
  }
}
