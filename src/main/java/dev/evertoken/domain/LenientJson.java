package dev.evertoken.domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON parser that keeps what it has read when the text ends or breaks off.
 *
 * <p>A value counts only if its end was seen: a closing quote, or a comma or bracket behind a
 * number. A text that goes on wrongly after a closing quote drops that value too, because the quote
 * may be a damaged character in the middle of it.
 */
public final class LenientJson {

  private static final int DEEPEST = 48;

  private final String text;
  private int at;
  private boolean broken;

  private LenientJson(String text, int at) {
    this.text = text;
    this.at = at;
  }

  /**
   * What was read of one value.
   *
   * @param value maps, lists, strings, {@link Long}, {@link java.math.BigDecimal}, booleans; null
   *     for {@code null} and for what could not be read at all
   * @param whole whether the end of the value was seen
   * @param end the place behind the last character read
   */
  public record Parsed(@Nullable Object value, boolean whole, int end) {}

  /** Reads the value that begins at a place of the text, after blanks. */
  public static Parsed parse(String text, int from) {
    LenientJson json = new LenientJson(text, from);
    Object value = json.value(0);
    return new Parsed(value, !json.broken, json.at);
  }

  private @Nullable Object value(int depth) {
    skipBlanks();
    if (ended()) {
      return fail();
    }
    char c = text.charAt(at);
    if (c == '{' || c == '[') {
      if (depth >= DEEPEST) {
        return skipNested();
      }
      return c == '{' ? object(depth) : array(depth);
    }
    if (c == '"' || c == '\'') {
      return string(c);
    }
    return word();
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    at++;
    while (!broken && !closed('}')) {
      String name = name();
      if (name == null) {
        break;
      }
      Object value = value(depth + 1);
      if (counts(value, '}')) {
        put(members, name, value);
      }
    }
    return members;
  }

  /** A value that was given twice: the last one that says something. */
  private static void put(
      Map<String, @Nullable Object> members, String name, @Nullable Object value) {
    boolean says = value != null && !(value instanceof String said && said.isBlank());
    if (says || !members.containsKey(name)) {
      members.put(name, value);
    }
  }

  private @Nullable String name() {
    char quote = ended() ? ' ' : text.charAt(at);
    Object name = quote == '"' || quote == '\'' ? string(quote) : fail();
    skipBlanks();
    if (broken || ended() || text.charAt(at) != ':') {
      fail();
      return null;
    }
    at++;
    return (String) name;
  }

  private List<@Nullable Object> array(int depth) {
    List<@Nullable Object> elements = new ArrayList<>();
    at++;
    while (!broken && !closed(']')) {
      Object element = value(depth + 1);
      if (counts(element, ']')) {
        elements.add(element);
      }
    }
    return elements;
  }

  /** Takes the comma behind a value; a container that broke off still holds members that count. */
  private boolean counts(@Nullable Object value, char end) {
    boolean scalar = !(value instanceof Map<?, ?> || value instanceof List<?>);
    if (broken) {
      return !scalar;
    }
    return followed(end) || !scalar;
  }

  /** False when something else than a comma or the end follows. */
  private boolean followed(char end) {
    skipBlanks();
    if (ended()) {
      fail();
      return true;
    }
    char next = text.charAt(at);
    if (next == ',') {
      at++;
      return true;
    }
    if (next != end) {
      fail();
    }
    return next == end;
  }

  private boolean closed(char end) {
    skipBlanks();
    if (ended()) {
      fail();
      return true;
    }
    boolean closed = text.charAt(at) == end;
    if (closed) {
      at++;
    }
    return closed;
  }

  private @Nullable String string(char quote) {
    StringBuilder read = new StringBuilder();
    for (at++; !ended(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        return read.toString();
      }
      if (c == '\\') {
        at++;
        escape(read);
      } else {
        read.append(c);
      }
    }
    fail();
    return null;
  }

  private void escape(StringBuilder read) {
    if (ended()) {
      return;
    }
    char c = text.charAt(at);
    switch (c) {
      case 'n' -> read.append('\n');
      case 'r' -> read.append('\r');
      case 't' -> read.append('\t');
      case 'b' -> read.append('\b');
      case 'f' -> read.append('\f');
      case 'u' -> unicode(read);
      default -> read.append(c);
    }
  }

  private void unicode(StringBuilder read) {
    int code = 0;
    for (int i = 1; i <= 4; i++) {
      int digit = at + i < text.length() ? Character.digit(text.charAt(at + i), 16) : -1;
      if (digit < 0) {
        // Not what the provider meant, and marked as such.
        read.append('\uFFFD');
        return;
      }
      code = code * 16 + digit;
    }
    at += 4;
    read.append((char) code);
  }

  private @Nullable Object word() {
    int from = at;
    while (!ended() && ",]}: \t\r\n\"'{[".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    if (ended() || word.isEmpty()) {
      return fail();
    }
    return switch (word) {
      case "true", "True" -> true;
      case "false", "False" -> false;
      case "null", "None", "undefined", "NaN" -> null;
      default -> number(word);
    };
  }

  private @Nullable Object number(String word) {
    Number number = Numbers.of(word);
    return number == null ? fail() : number;
  }

  /** Steps over a container that is nested too deeply, without going down into it. */
  private @Nullable Object skipNested() {
    int open = 0;
    while (!ended()) {
      char c = text.charAt(at);
      if (c == '"') {
        string(c);
        continue;
      }
      at++;
      open += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      if (open == 0) {
        return null;
      }
    }
    return fail();
  }

  private void skipBlanks() {
    while (!ended() && (text.charAt(at) <= ' ' || text.charAt(at) == '\uFEFF')) {
      at++;
    }
  }

  private boolean ended() {
    return at >= text.length();
  }

  private @Nullable Object fail() {
    broken = true;
    return null;
  }
}
