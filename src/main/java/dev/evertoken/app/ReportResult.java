package dev.evertoken.app;

/** What a report led to, and the generation that is current. */
public record ReportResult(Action action, long generation) {

  public enum Action {
    REFRESH,
    BENCH,
    IGNORED_STALE_GENERATION,
    NONE
  }
}
