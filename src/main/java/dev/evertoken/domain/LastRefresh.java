package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the latest refresh of an account ended.
 *
 * @param detail a public, scrubbed text for a person, or null after a success
 */
public record LastRefresh(
    UUID attempt,
    Instant at,
    RefreshClass result,
    Trigger trigger,
    Duration duration,
    @Nullable String detail) {

  public boolean succeeded() {
    return result == RefreshClass.SUCCESS;
  }
}
