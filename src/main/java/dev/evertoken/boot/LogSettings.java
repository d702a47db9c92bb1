package dev.evertoken.boot;

import ch.qos.logback.classic.LoggerContext;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.domain.WireName;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Hands the log's settings to its configuration, which reads these properties: so it must come
 * before the first log event.
 */
final class LogSettings {

  private LogSettings() {}

  static void apply(Settings.Log log) {
    System.setProperty("EVERTOKEN_LOG_FORMAT", WireName.of(log.format()));
    System.setProperty("EVERTOKEN_LOG_LEVEL", log.level().name().toUpperCase(Locale.ROOT));
  }

  /** Every event from now on says that it is of this node. */
  static void name(String node) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.putProperty("node", node);
    }
  }
}
