package dev.evertoken.app;

import java.time.Duration;

/** A bucket of calls that fills at a rate and holds one second of it. Safe for any thread. */
final class CallRate {

  private static final double NANOS = Duration.ofSeconds(1).toNanos();

  private final int perSecond;
  private double left;
  private long filledAt;

  CallRate(int perSecond, long now) {
    this.perSecond = perSecond;
    this.left = perSecond;
    this.filledAt = now;
  }

  int perSecond() {
    return perSecond;
  }

  /** Takes one call; false: there is none left. */
  synchronized boolean take(long now) {
    left = Math.min(perSecond, left + (now - filledAt) / NANOS * perSecond);
    filledAt = now;
    if (left < 1) {
      return false;
    }
    left -= 1;
    return true;
  }
}
