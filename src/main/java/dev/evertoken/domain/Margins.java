package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The margins in force for tokens of one lifetime: the configured ones, at most a tenth of it (the
 * window two fifths).
 */
public record Margins(Duration safetyMargin, Duration skew, Duration cacheSkew, Duration window) {

  /** The margins for a lifetime; null, when it is not known yet, leaves them as configured. */
  public static Margins of(RefreshPolicy policy, @Nullable Duration lifetime) {
    if (lifetime == null) {
      return new Margins(policy.safetyMargin(), policy.skew(), policy.cacheSkew(), policy.window());
    }
    // In whole numbers: a Duration divides by way of BigDecimal, and this is on every answer's way.
    long millis = lifetime.toMillis();
    Duration tenth = Duration.ofMillis(millis / 10);
    return new Margins(
        min(policy.safetyMargin(), tenth),
        min(policy.skew(), tenth),
        min(policy.cacheSkew(), tenth),
        min(policy.window(), Duration.ofMillis(millis * 2 / 5)));
  }

  /**
   * When the background refreshes a token of that stored expiry: a window ahead, and up to a tenth
   * of the window earlier by a jitter that stays the same for an account, so that a mass import
   * does not fall due at once.
   */
  public Instant dueAt(Instant expiresAt, long accountId) {
    long spread = Math.floorMod((accountId * 0x9E3779B97F4A7C15L) >>> 20, 1000);
    Duration jitter = window.dividedBy(10).multipliedBy(spread).dividedBy(1000);
    return expiresAt.minus(window).minus(jitter);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
