package dev.evertoken.adapter.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt to connect: doubling, with jitter, and bounded. */
final class Backoff {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(3);
  private static final Duration STABLE = Duration.ofSeconds(5);

  private int failures;

  /** A connection lasted that long: after a stable one the waits begin anew. */
  synchronized void held(Duration age) {
    if (age.compareTo(STABLE) > 0) {
      failures = 0;
    }
  }

  synchronized Duration next() {
    long full = Math.min(SHORTEST.toMillis() << Math.min(failures, 10), LONGEST.toMillis());
    failures++;
    return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
  }
}
