package dev.evertoken.boot.logging;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The stack trace of an event, with scrubbed messages; those of parsers are left out whole. */
public final class ScrubbedStack extends ThrowableHandlingConverter {
  private static final int FRAMES = 40;
  private static final int CAUSES = 8;

  @Override
  public String convert(ILoggingEvent event) {
    return of(event.getThrowableProxy());
  }

  static String of(@Nullable IThrowableProxy thrown) {
    var stack = new StringBuilder();
    var cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES; depth++) {
      stack.append(depth == 0 ? "" : "Caused by: ");
      append(stack, cause);
      cause = cause.getCause();
    }
    return stack.toString();
  }

  private static void append(StringBuilder stack, IThrowableProxy thrown) {
    stack.append(thrown.getClassName());
    var message = thrown.getMessage();
    if (message != null && !quotesItsInput(thrown.getClassName())) {
      stack.append(": ").append(Scrub.text(message));
    }
    stack.append('\n');
    Arrays.stream(thrown.getStackTraceElementProxyArray())
        .limit(Math.max(1, FRAMES - thrown.getCommonFrames()))
        .forEach(frame -> stack.append("\t").append(frame.getSTEAsString()).append('\n'));
  }

  private static boolean quotesItsInput(String exception) {
    return exception.startsWith("com.fasterxml.jackson.")
        || exception.startsWith("org.snakeyaml.")
        || exception.equals("io.vertx.core.json.DecodeException");
  }
}
