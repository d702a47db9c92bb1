package dev.evertoken.boot.logging;

import ch.qos.logback.core.PropertyDefinerBase;

/**
 * The name of the appender to use: {@code text} on a terminal, {@code json} elsewhere.
 *
 * <p>{@code EVERTOKEN_LOG_FORMAT}, set in the environment to one of the two, decides instead.
 */
public final class LogFormat extends PropertyDefinerBase {
  @Override
  public String getPropertyValue() {
    return switch (System.getenv("EVERTOKEN_LOG_FORMAT")) {
      case "text" -> "text";
      case "json" -> "json";
      case null, default -> onTerminal() ? "text" : "json";
    };
  }

  // JDK 22 to 24 give a console also where there is no terminal, JDK 25 gives null again.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean onTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }
}
