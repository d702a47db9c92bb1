package dev.evertoken.domain;

/** Something a caller should know about an answer that is good all the same. */
public record Warning(Code code, String detail) {

  public enum Code {
    REFRESH_FAILED,
    REFRESH_RUNNING,
    BENCHED,
    PAUSED,
    PROXY_SUSPENDED,
    PROJECT_MISSING,
    OUTCOME_UNKNOWN,
    REAUTHORIZATION_REQUIRED
  }
}
