package dev.evertoken.app.refresh;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Rotation;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long an account waits after a refresh that brought nothing. */
final class Waits {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration THROTTLED = Duration.ofSeconds(30);
  private static final Duration LAST_MOMENTS = Duration.ofSeconds(20);
  private static final Backoff AFTER_UNKNOWN = new Backoff(Duration.ofMinutes(1), LONGEST);

  private Waits() {}

  /** After a 429: as long as it says; where it says nothing 30 s, doubled each time. */
  static Duration throttled(@Nullable Duration retryAfter, Account account) {
    if (retryAfter != null) {
      return clamped(retryAfter);
    }
    LastRefresh last = account.lastRefresh();
    Instant until = account.credentials().notBefore();
    if (last == null || last.result() != RefreshClass.THROTTLED || until == null) {
      return THROTTLED;
    }
    return clamped(max(THROTTLED, Duration.between(last.at(), until).multipliedBy(2)));
  }

  /** How long a bench lasts; a 503 may ask for another time. */
  static Duration benched(Engine engine, @Nullable Duration retryAfter) {
    return retryAfter == null ? engine.settings().benchDuration() : clamped(retryAfter);
  }

  /**
   * When a refresh token that may be spent is presented next: once in the last moments of the token
   * that is still valid, at once if none is, and after that with a back-off. Where the old token
   * died by the refresh, only a report of it lets it be tried.
   */
  static Instant nextTry(Platform platform, Credentials credentials, Instant now) {
    if (credentials.unknownSince() != null) {
      return now.plus(AFTER_UNKNOWN.exactly(Math.max(0, credentials.unknownTries() - 1)));
    }
    Instant end = credentials.expiresAt();
    if (end == null || !credentials.validAt(now)) {
      return now;
    }
    Duration lifetime = credentials.lifetime();
    Duration tenth = lifetime == null ? LAST_MOMENTS : lifetime.dividedBy(10);
    Instant last = end.minus(min(LAST_MOMENTS, tenth));
    return last.isBefore(now) ? now : last;
  }

  /** Whether a claim that lapsed leaves the outcome unknown (semantics, section 3, step 9). */
  static boolean unknownAfterLapse(Rotation rotation, Instant claimedAt, Instant now) {
    return switch (rotation) {
      case Rotation.None none -> false;
      case Rotation.UntilUsed untilUsed -> false;
      case Rotation.Grace grace -> !now.isBefore(claimedAt.plus(grace.within()));
      case Rotation.Strict strict -> true;
    };
  }

  static Duration clamped(Duration asked) {
    return max(SHORTEST, min(asked, LONGEST));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
