package dev.evertoken.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON that other programs wrote. What {@link StrictJson} refuses stays in its place as a
 * {@link Flaw} here, so that it matters only to whoever reads that field.
 */
public final class FileJson {

  private static final int DEEPEST = 32;
  private static final int LONGEST_NUMBER = 100;
  private static final int REPLACEMENT = 0xFFFD;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(10_000)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private FileJson() {}

  /**
   * Stands for a value that cannot be used.
   *
   * @param why a text for the caller, without the value
   */
  public record Flaw(String why) {}

  /** The value in this text; fails with {@code malformed_request}, never echoing the input. */
  public static @Nullable Object value(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        throw malformed("a JSON value is expected");
      }
      Object value = value(parser, 1);
      if (parser.nextToken() != null) {
        throw malformed("there is more after the JSON value");
      }
      return value;
    } catch (IOException e) {
      throw malformed("this is not well-formed JSON");
    }
  }

  private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> depth > DEEPEST ? skipped(parser) : members(parser, depth);
      case START_ARRAY -> depth > DEEPEST ? skipped(parser) : elements(parser, depth);
      case VALUE_STRING -> text(parser.getText());
      case VALUE_NUMBER_INT -> isLong(parser) ? tooLarge() : parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> isLong(parser) ? tooLarge() : finite(parser.getDoubleValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw malformed("this is not well-formed JSON");
    };
  }

  private static Object skipped(JsonParser parser) throws IOException {
    parser.skipChildren();
    return new Flaw("it is nested too deeply");
  }

  private static JsonObject members(JsonParser parser, int depth) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = wholeCharacters(parser.currentName());
      parser.nextToken();
      Object value = value(parser, depth + 1);
      boolean repeated = members.containsKey(name) && !same(members.get(name), value);
      members.put(name, repeated ? new Flaw("is given more than once") : value);
    }
    return new JsonObject(members);
  }

  private static boolean same(@Nullable Object one, @Nullable Object other) {
    return one == null ? other == null : one.equals(other);
  }

  private static JsonArray elements(JsonParser parser, int depth) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser, depth + 1));
    }
    return new JsonArray(elements);
  }

  private static boolean isLong(JsonParser parser) throws IOException {
    return parser.getTextLength() > LONGEST_NUMBER;
  }

  private static Object finite(double number) {
    return Double.isFinite(number) ? number : tooLarge();
  }

  private static Object tooLarge() {
    return new Flaw("the number is too large");
  }

  private static Object text(String text) {
    return text.indexOf(REPLACEMENT) < 0 && text.equals(wholeCharacters(text))
        ? text
        : new Flaw("the text holds U+0000, half a surrogate pair or bytes that are not UTF-8");
  }

  /** The text, with U+FFFD for what is no character. */
  private static String wholeCharacters(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF) ? REPLACEMENT : c)
        .forEach(whole::appendCodePoint);
    return whole.toString();
  }

  private static ProblemException malformed(String detail) {
    return Problem.field(ProblemCode.MALFORMED_REQUEST, "", detail).exception();
  }
}
