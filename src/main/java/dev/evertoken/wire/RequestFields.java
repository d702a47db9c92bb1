package dev.evertoken.wire;

import dev.evertoken.domain.WireName;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one request, from a body or from a query, asked for one by one.
 *
 * <p>A field of a wrong type is {@code malformed_request}, an impossible value is {@code invalid};
 * both are collected, so that the caller learns all at once from {@link #end()}. A field that
 * nobody asked for is unknown. JSON's {@code null} counts as not given; {@link #given} tells it
 * from absent. Not for several threads.
 */
public final class RequestFields {

  private final Map<String, Object> values;
  private final UnaryOperator<String> pointer;
  private final boolean text;
  private final Findings findings;
  private final Set<String> asked = new HashSet<>();
  private final List<RequestFields> inner = new ArrayList<>();

  private RequestFields(
      Map<String, Object> values, UnaryOperator<String> pointer, boolean text, Findings findings) {
    this.values = values;
    this.pointer = pointer;
    this.text = text;
    this.findings = findings;
  }

  /** The fields of a body. */
  public static RequestFields body(JsonObject body) {
    return body(body, "", new Findings());
  }

  private static RequestFields body(JsonObject body, String at, Findings findings) {
    return new RequestFields(body.getMap(), name -> Pointers.child(at, name), false, findings);
  }

  /** The parameters of a query string; a repeated one is malformed. */
  public static RequestFields query(MultiMap parameters) {
    Findings findings = new Findings();
    Map<String, Object> values = new LinkedHashMap<>();
    parameters.forEach(
        (name, value) -> {
          if (values.put(name, value) != null) {
            findings.malformed(Pointers.query(name), "is given more than once");
          }
        });
    return new RequestFields(values, Pointers::query, true, findings);
  }

  /** Whether the field is there at all, be it null. */
  public boolean given(String name) {
    asked.add(name);
    return values.containsKey(name);
  }

  /** The value as it was given, of whatever type; null when it is not given. */
  public @Nullable Object any(String name) {
    asked.add(name);
    return values.get(name);
  }

  /** A text of 1 to {@code longest} characters that is not blank. */
  public @Nullable String text(String name, int longest) {
    String value =
        read(name, "a string is expected", (field, raw) -> raw instanceof String s ? s : null);
    if (value != null && (value.isBlank() || value.length() > longest)) {
      invalid(name, "1 to " + longest + " characters are expected, not all blank");
      return null;
    }
    return value;
  }

  /** A whole number within the bounds. */
  public @Nullable Long whole(String name, long min, long max) {
    BigInteger value = read(name, "a whole number is expected", (field, raw) -> integer(raw));
    if (value == null) {
      return null;
    }
    return within(name, value, min, max);
  }

  /** {@code true} or {@code false}. */
  public @Nullable Boolean flag(String name) {
    return read(name, "true or false is expected", (field, raw) -> bool(raw));
  }

  /** A time as RFC 3339 writes it. */
  public @Nullable Instant time(String name) {
    return read(name, "an RFC 3339 time is expected", (field, raw) -> Times.parse(raw));
  }

  /** One of the constants by its wire name. */
  public <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
    String value = text(name, 100);
    if (value == null) {
      return null;
    }
    E constant = WireName.parse(type, value).orElse(null);
    if (constant == null) {
      List<String> names = Arrays.stream(type.getEnumConstants()).map(WireName::of).toList();
      invalid(name, "one of " + String.join(", ", names) + " is expected");
    }
    return constant;
  }

  /** A list of texts; empty when it is not given. */
  public List<String> texts(String name, int most, int longest) {
    List<String> texts = new ArrayList<>();
    for (RequestFields element : elements(name, most, "a list of strings is expected")) {
      String value = element.text("", longest);
      if (value != null) {
        texts.add(value);
      }
    }
    return texts;
  }

  /** A list of ids; empty when it is not given. */
  public Set<Long> ids(String name, int most) {
    Set<Long> ids = new LinkedHashSet<>();
    for (RequestFields element : elements(name, most, "a list of ids is expected")) {
      Long value = element.whole("", 1, Long.MAX_VALUE);
      if (value != null) {
        ids.add(value);
      }
    }
    return ids;
  }

  /** The fields of an object inside; null when it is not given. */
  public @Nullable RequestFields object(String name) {
    JsonObject value = read(name, "an object is expected", (field, raw) -> asObject(raw));
    return value == null ? null : added(body(value, pointer.apply(name), findings));
  }

  /** A list of objects; empty when it is not given. */
  public List<RequestFields> objects(String name, int most) {
    String expected = "a list of objects is expected";
    List<RequestFields> objects = new ArrayList<>();
    for (RequestFields element : elements(name, most, expected)) {
      RequestFields fields = element.itself(expected);
      if (fields != null) {
        objects.add(added(fields));
      }
    }
    return objects;
  }

  /** The fields of the element of a list that this is. */
  private @Nullable RequestFields itself(String expected) {
    JsonObject value = read("", expected, (field, raw) -> asObject(raw));
    return value == null ? null : body(value, pointer.apply(""), findings);
  }

  /** Notes that the field is of the wrong form. */
  public void malformed(String name, String detail) {
    findings.malformed(pointer.apply(name), detail);
  }

  /** Notes that the value of the field is not possible. */
  public void invalid(String name, String detail) {
    findings.invalid(pointer.apply(name), detail);
  }

  /** Where the fields are that nobody asked for; they count as asked for from now on. */
  public List<String> rest() {
    List<String> rest = new ArrayList<>();
    values.keySet().stream().filter(asked::add).map(pointer).forEach(rest::add);
    inner.forEach(fields -> rest.addAll(fields.rest()));
    return rest;
  }

  /** Ends the reading: fails with everything that was wrong, unknown fields included. */
  public void end() {
    noteUnknown();
    findings.end();
  }

  private void noteUnknown() {
    for (String name : values.keySet()) {
      if (!asked.contains(name)) {
        malformed(name, "is not known here");
      }
    }
    inner.forEach(RequestFields::noteUnknown);
  }

  private <T> @Nullable T read(
      String name, String expected, BiFunction<String, Object, @Nullable T> reader) {
    asked.add(name);
    Object raw = values.get(name);
    if (raw == null) {
      return null;
    }
    T value = raw instanceof FileJson.Flaw ? null : reader.apply(name, raw);
    if (value == null) {
      malformed(name, raw instanceof FileJson.Flaw(String why) ? why : expected);
    }
    return value;
  }

  private List<RequestFields> elements(String name, int most, String expected) {
    List<?> list = read(name, expected, (field, raw) -> asList(raw));
    if (list == null) {
      return List.of();
    }
    if (list.size() > most) {
      invalid(name, "at most " + most + " are allowed");
      return List.of();
    }
    List<RequestFields> elements = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      elements.add(
          element(Pointers.child(pointer.apply(name), Integer.toString(i)), list.get(i), expected));
    }
    return elements;
  }

  private RequestFields element(String at, @Nullable Object value, String expected) {
    if (value == null) {
      findings.malformed(at, expected);
    }
    Map<String, Object> one = value == null ? Map.of() : Map.of("", value);
    return new RequestFields(one, name -> at, false, findings);
  }

  private RequestFields added(RequestFields fields) {
    inner.add(fields);
    return fields;
  }

  private @Nullable Long within(String name, BigInteger value, long min, long max) {
    if (value.compareTo(BigInteger.valueOf(min)) < 0
        || value.compareTo(BigInteger.valueOf(max)) > 0) {
      invalid(
          name,
          max == Long.MAX_VALUE
              ? "at least " + min + " is expected"
              : min + " to " + max + " is expected");
      return null;
    }
    return value.longValue();
  }

  private @Nullable BigInteger integer(Object raw) {
    return switch (raw) {
      case BigInteger big -> big;
      case Long n -> BigInteger.valueOf(n);
      case Integer n -> BigInteger.valueOf(n);
      case Short n -> BigInteger.valueOf(n);
      case String s when text && s.matches("-?[0-9]{1,40}") -> new BigInteger(s);
      default -> null;
    };
  }

  private @Nullable Boolean bool(Object raw) {
    return switch (raw) {
      case Boolean b -> b;
      case String s when text && s.equals("true") -> true;
      case String s when text && s.equals("false") -> false;
      default -> null;
    };
  }

  @SuppressWarnings("unchecked")
  private static @Nullable JsonObject asObject(Object raw) {
    return switch (raw) {
      case JsonObject object -> object;
      case Map<?, ?> map -> new JsonObject((Map<String, Object>) map);
      default -> null;
    };
  }

  private static @Nullable List<?> asList(Object raw) {
    return switch (raw) {
      case JsonArray array -> array.getList();
      case List<?> list -> list;
      default -> null;
    };
  }
}
