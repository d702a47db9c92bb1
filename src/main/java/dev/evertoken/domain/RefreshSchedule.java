package dev.evertoken.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an account is refreshed next.
 *
 * @param dueAt when the background refreshes it, or null when nothing can be refreshed
 * @param notBefore no refresh starts before this, or null
 * @param forcedAt when a caller last forced a refresh, or null
 */
public record RefreshSchedule(
    @Nullable Instant dueAt, @Nullable Instant notBefore, @Nullable Instant forcedAt) {
  public static final RefreshSchedule NONE = new RefreshSchedule(null, null, null);
}
