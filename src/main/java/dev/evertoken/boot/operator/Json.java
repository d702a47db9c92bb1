package dev.evertoken.boot.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Reads answers and writes bodies; Jackson's own tree, as Vert.x's would load half of Vert.x. */
final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** The tree; a missing node where the text is no JSON. */
  static JsonNode read(String text) {
    try {
      return text.isBlank() ? MissingNode.getInstance() : MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array(Collection<?> values) {
    return MAPPER.valueToTree(values);
  }

  /** Puts it where it is given. */
  static void put(ObjectNode object, String name, @Nullable Object value) {
    if (value != null) {
      object.set(name, MAPPER.valueToTree(value));
    }
  }

  /** As a person reads it: nothing is a dash, a list its elements. */
  static String text(JsonNode node) {
    if (node.isMissingNode() || node.isNull() || (node.isContainerNode() && node.isEmpty())) {
      return "-";
    }
    if (node.isBoolean()) {
      return node.booleanValue() ? "yes" : "no";
    }
    return printable(
        node.isArray() ? joined(node) : node.isValueNode() ? node.asText() : node.toString());
  }

  private static String joined(JsonNode array) {
    StringBuilder joined = new StringBuilder();
    for (JsonNode element : array) {
      joined.append(joined.isEmpty() ? "" : ", ");
      joined.append(element.isValueNode() ? element.asText() : element.toString());
    }
    return joined.toString();
  }

  /** Names and reasons come from elsewhere: none may steer the terminal. */
  static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
