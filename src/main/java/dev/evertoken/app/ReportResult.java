package dev.evertoken.app;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a report led to, and the generation that is current.
 *
 * @param until the end of the bench that is in force for it; null: none
 */
public record ReportResult(Action action, long generation, @Nullable Instant until) {

  public enum Action {
    REFRESH,
    BENCH,
    IGNORED_STALE_GENERATION,
    NONE
  }
}
