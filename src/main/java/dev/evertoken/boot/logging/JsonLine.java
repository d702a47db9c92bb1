package dev.evertoken.boot.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event as one JSON object on a line: {@code ts level event node}, the event's own
 * key-value pairs, {@code logger}, and {@code stack} where something was thrown.
 *
 * <p>{@code node} is the logger context's property of that name. Values that are neither numbers
 * nor booleans are written as their {@code toString}, so that a type which hides its content stays
 * hidden.
 */
public final class JsonLine extends EncoderBase<ILoggingEvent> {
  private final JsonFactory json = new JsonFactory();

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new StringWriter(256);
    try (var out = json.createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("ts", event.getInstant().toString());
      out.writeStringField("level", event.getLevel().toString());
      out.writeStringField("event", ScrubbedEvent.of(event));
      writeField(out, "node", event.getLoggerContextVO().getPropertyMap().get("node"));
      writePairs(out, event);
      out.writeStringField("logger", event.getLoggerName());
      if (event.getThrowableProxy() != null) {
        out.writeStringField("stack", ScrubbedStack.of(event.getThrowableProxy()));
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.append('\n').toString().getBytes(UTF_8);
  }

  private static void writePairs(JsonGenerator out, ILoggingEvent event) throws IOException {
    if (event.getKeyValuePairs() == null) {
      return;
    }
    for (var pair : event.getKeyValuePairs()) {
      writeField(out, pair.key, pair.value);
    }
  }

  private static void writeField(JsonGenerator out, String name, @Nullable Object value)
      throws IOException {
    switch (value) {
      case null -> {}
      case Integer number -> out.writeNumberField(name, number);
      case Long number -> out.writeNumberField(name, number);
      case Double number -> out.writeNumberField(name, number);
      case Boolean truth -> out.writeBooleanField(name, truth);
      default -> out.writeStringField(name, value.toString());
    }
  }
}
