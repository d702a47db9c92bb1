package dev.evertoken.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an access token lives by its answer, counted from the start of the request.
 *
 * @param length zero when it has already ended; null: it does not end
 * @param warning what was odd, or null
 * @param said whether the answer says it; else it is the template's default
 * @param unit in what {@code expires_in} turned out to count
 */
record Lifetime(@Nullable Duration length, @Nullable String warning, boolean said, Unit unit) {

  /** In what {@code expires_in} turned out to count. */
  enum Unit {
    SECONDS,
    MILLISECONDS,
    EPOCH
  }
}
