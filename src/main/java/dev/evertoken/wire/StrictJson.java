package dev.evertoken.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object (RFC 8259) and refuses what Vert.x's own parser lets pass: repeated keys,
 * deep nesting, text after the value, bytes that are not UTF-8, half surrogate pairs, and U+0000,
 * which PostgreSQL cannot store.
 */
public final class StrictJson {

  private static final int DEEPEST = 32;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(100)
                  .maxNameLength(1000)
                  .build())
          .build();

  private StrictJson() {}

  /** The object in these bytes; fails with {@code malformed_request}, never echoing the input. */
  public static JsonObject object(Buffer bytes) {
    try (JsonParser parser = JSON.createParser(utf8(bytes))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("", "a JSON object is expected");
      }
      JsonObject object = new JsonObject(members(parser));
      if (parser.nextToken() != null) {
        throw malformed("", "there is more after the JSON object");
      }
      return object;
    } catch (IOException e) {
      throw malformed("", "this is not well-formed JSON, or a key is repeated in it");
    }
  }

  private static String utf8(Buffer bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("", "JSON must be encoded in UTF-8");
    }
  }

  private static Map<String, @Nullable Object> members(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = checked(parser, parser.currentName());
      parser.nextToken();
      members.put(name, value(parser));
    }
    return members;
  }

  private static List<@Nullable Object> elements(JsonParser parser) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> new JsonObject(members(parser));
      case START_ARRAY -> new JsonArray(elements(parser));
      case VALUE_STRING -> checked(parser, parser.getText());
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> finite(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw malformed(pointer(parser), "this is not well-formed JSON");
    };
  }

  private static Double finite(JsonParser parser) throws IOException {
    double number;
    try {
      number = parser.getDoubleValue();
    } catch (InputCoercionException e) {
      throw malformed(pointer(parser), "the number is too large");
    }
    if (!Double.isFinite(number)) {
      throw malformed(pointer(parser), "the number is too large");
    }
    return number;
  }

  private static String checked(JsonParser parser, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (c == 0 || (Character.isSurrogate(c) && !pair)) {
        throw malformed(pointer(parser), "the text holds U+0000 or half a surrogate pair");
      }
      if (pair) {
        i++;
      }
    }
    return text;
  }

  private static String pointer(JsonParser parser) {
    return Pointers.shortened(parser.getParsingContext().pathAsPointer().toString());
  }

  private static ProblemException malformed(String pointer, String detail) {
    return Problem.field(ProblemCode.MALFORMED_REQUEST, pointer, detail).exception();
  }
}
