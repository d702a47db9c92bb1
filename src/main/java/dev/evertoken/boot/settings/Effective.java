package dev.evertoken.boot.settings;

/** A key as it is in force: its value redacted, and where that comes from. */
public record Effective(String key, String shown, Origin origin) {

  /** Where a value comes from. */
  public enum Origin {
    DEFAULT,
    FILE,
    ENVIRONMENT
  }

  @Override
  public String toString() {
    return key + "=" + shown;
  }
}
