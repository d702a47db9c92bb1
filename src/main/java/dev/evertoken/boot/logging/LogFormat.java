package dev.evertoken.boot.logging;

import ch.qos.logback.core.PropertyDefinerBase;

/**
 * The name of the appender to use: {@code text} on a terminal, {@code json} elsewhere.
 *
 * <p>{@code EVERTOKEN_LOG_FORMAT}, set as a system property or in the environment to one of the
 * two, decides instead.
 */
public final class LogFormat extends PropertyDefinerBase {

  private static final String KEY = "EVERTOKEN_LOG_FORMAT";

  @Override
  public String getPropertyValue() {
    return switch (System.getProperty(KEY, System.getenv().getOrDefault(KEY, "auto"))) {
      case "text" -> "text";
      case "json" -> "json";
      default -> onTerminal() ? "text" : "json";
    };
  }

  // JDK 22 to 24 give a console also where there is no terminal, JDK 25 gives null again.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean onTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }
}
