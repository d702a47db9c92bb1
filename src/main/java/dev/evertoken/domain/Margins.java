package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The margins in force for tokens of one lifetime: the configured ones, at most a tenth of it (the
 * window two fifths).
 *
 * @param late whether the window holds the whole jitter, so that no refresh comes before it
 */
public record Margins(
    Duration safetyMargin, Duration skew, Duration cacheSkew, Duration window, boolean late) {

  private static final Duration SHORTEST_LATE_WINDOW = Duration.ofMinutes(2);

  /** The margins for a lifetime; null, when it is not known yet, leaves them as configured. */
  public static Margins of(RefreshPolicy policy, @Nullable Duration lifetime) {
    if (lifetime == null) {
      return new Margins(
          policy.safetyMargin(), policy.skew(), policy.cacheSkew(), policy.window(), false);
    }
    // In whole numbers: a Duration divides by way of BigDecimal, and this is on every answer's way.
    long millis = lifetime.toMillis();
    Duration tenth = Duration.ofMillis(millis / 10);
    return new Margins(
        min(policy.safetyMargin(), tenth),
        min(policy.skew(), tenth),
        min(policy.cacheSkew(), tenth),
        min(policy.window(), Duration.ofMillis(millis * 2 / 5)),
        false);
  }

  /**
   * The same where a refresh ends the old access token at once: as late as is safe, in the last
   * tenth of the lifetime or the last two minutes, and never in the first three quarters.
   */
  public static Margins late(RefreshPolicy policy, @Nullable Duration lifetime) {
    Margins usual = of(policy, lifetime);
    Duration tenth = lifetime == null ? Duration.ZERO : lifetime.dividedBy(10);
    Duration quarter = lifetime == null ? SHORTEST_LATE_WINDOW : lifetime.dividedBy(4);
    Duration window = min(min(max(tenth, SHORTEST_LATE_WINDOW), quarter), policy.window());
    return new Margins(usual.safetyMargin, usual.skew, usual.cacheSkew, window, true);
  }

  /**
   * When the background refreshes a token of that stored expiry: a window ahead, and up to a tenth
   * of the window earlier (late margins: later) by a jitter that stays the same for an account, so
   * that a mass import does not fall due at once.
   */
  public Instant dueAt(Instant expiresAt, long accountId) {
    long spread = Math.floorMod((accountId * 0x9E3779B97F4A7C15L) >>> 20, 1000);
    Duration jitter = window.dividedBy(10).multipliedBy(spread).dividedBy(1000);
    Instant opens = expiresAt.minus(window);
    return late ? opens.plus(jitter) : opens.minus(jitter);
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
