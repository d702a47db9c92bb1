package dev.evertoken.boot.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The event's own text; a library's is scrubbed. */
public final class ScrubbedEvent extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return of(event);
  }

  static String of(ILoggingEvent event) {
    var text = event.getFormattedMessage();
    if (text == null) {
      return "";
    }
    return event.getLoggerName().startsWith("dev.evertoken.") ? text : Scrub.text(text);
  }
}
