package dev.evertoken.boot.settings;

import dev.evertoken.boot.settings.Effective.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The given values of a configuration, read key by key; what is asked for is what is known.
 *
 * <p>A value that is not allowed is a problem, and reads as not given.
 */
final class Values {

  private final Map<String, String> file;
  private final Map<String, String> environment;
  private final boolean overridable;
  private final Problems problems;
  private final Set<String> known = new TreeSet<>();
  private final Set<String> opened = new LinkedHashSet<>();
  private final Map<String, Effective> effective = new LinkedHashMap<>();
  private final Map<String, Set<String>> missing = new LinkedHashMap<>();

  /**
   * Reads from flat keys.
   *
   * @param overridable whether {@code EVERTOKEN_HTTP_PORT} overrides {@code http.port}, and an
   *     unset variable in a value is a problem (else see {@link #missingBelow})
   */
  Values(
      Map<String, String> file,
      Map<String, String> environment,
      boolean overridable,
      Problems problems) {
    this.file = file;
    this.environment = environment;
    this.overridable = overridable;
    this.problems = problems;
  }

  <T> T get(String key, Kind<T> kind, T otherwise) {
    Optional<T> found = find(key, kind);
    if (found.isEmpty()) {
      show(key, kind.shown().apply(otherwise), Origin.DEFAULT);
    }
    return found.orElse(otherwise);
  }

  <T> Optional<T> find(String key, Kind<T> kind) {
    known.add(key.replaceAll("\\[\\d+]", "[]"));
    return given(key).flatMap(given -> read(key, given, kind));
  }

  /** A list, written as one or as a text with commas. */
  <T> List<T> list(String key, Kind<T> kind, List<T> otherwise) {
    known.add(key);
    Optional<Given> text = given(key);
    if (text.isEmpty() && !file.containsKey(key + "[]") && !file.containsKey(key + "[0]")) {
      show(key, shown(otherwise, kind), Origin.DEFAULT);
      return otherwise;
    }
    List<T> read = new ArrayList<>();
    if (text.isPresent()) {
      for (String part : text.get().raw().split(",", -1)) {
        read(key, new Given(part.strip(), text.get().origin()), kind).ifPresent(read::add);
      }
    } else {
      for (int i = 0; file.containsKey(key + "[" + i + "]"); i++) {
        find(key + "[" + i + "]", kind).ifPresent(read::add);
      }
    }
    show(key, shown(read, kind), text.map(Given::origin).orElse(Origin.FILE));
    return read;
  }

  /** How many elements a list of mappings has. */
  int count(String key) {
    known.add(key);
    int count = 0;
    while (has(key + "[" + count + "]")) {
      count++;
    }
    return count;
  }

  /** The texts below a key whose names are free. */
  Map<String, String> texts(String key) {
    return texts(key, Kinds.TEXT);
  }

  /** The values of one kind below a key whose names are free. */
  <T> Map<String, T> texts(String key, Kind<T> kind) {
    known.add(key);
    opened.add(key);
    Map<String, T> read = new LinkedHashMap<>();
    for (String name : YamlFile.names(file, key)) {
      find(key + "." + name, kind).ifPresent(value -> read.put(name, value));
    }
    return read;
  }

  boolean isGiven(String key) {
    return given(key).isPresent();
  }

  /** Whether there is anything at or below the key. */
  boolean has(String key) {
    return file.keySet().stream()
        .anyMatch(
            name -> name.equals(key) || name.startsWith(key + ".") || name.startsWith(key + "["));
  }

  /** Unset variables that values at or below the key needed. */
  Set<String> missingBelow(String key) {
    Set<String> names = new LinkedHashSet<>();
    missing.forEach(
        (path, variables) -> {
          if (path.equals(key) || path.startsWith(key + ".")) {
            names.addAll(variables);
          }
        });
    return names;
  }

  Problems problems() {
    return problems;
  }

  Set<String> known() {
    return Set.copyOf(known);
  }

  List<Effective> effective() {
    return List.copyOf(effective.values());
  }

  /** Tells each key that was given and never asked for. */
  void refuseUnknown() {
    for (String key : file.keySet()) {
      String form = key.replaceAll("\\[\\d*]", "[]");
      String list = form.replaceAll("\\[]$", "");
      if (!known.contains(form) && !known.contains(list) && !belowOpened(key)) {
        if (known.stream().anyMatch(name -> name.startsWith(form + "."))) {
          if (!file.getOrDefault(key, "").isEmpty()) {
            problems.rule(key, "must be a mapping, with keys of its own");
          }
        } else {
          problems.unknown(key, Nearest.of(form, known).orElse("providers"));
        }
      }
    }
  }

  static String variable(String key) {
    return "EVERTOKEN_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private boolean belowOpened(String key) {
    return opened.stream().anyMatch(name -> key.startsWith(name + "."));
  }

  private Optional<Given> given(String key) {
    String override = overridable ? environment.getOrDefault(variable(key), "") : "";
    if (!override.isBlank()) {
      return Optional.of(new Given(override.strip(), Origin.ENVIRONMENT));
    }
    return Optional.ofNullable(file.get(key))
        .filter(text -> !text.isBlank())
        .map(text -> new Given(text, Origin.FILE));
  }

  private <T> Optional<T> read(String key, Given given, Kind<T> kind) {
    Set<String> unset = new LinkedHashSet<>();
    String text = Placeholders.resolve(given.raw(), environment, unset::add);
    if (!unset.isEmpty()) {
      missing.computeIfAbsent(key, absent -> new LinkedHashSet<>()).addAll(unset);
      if (overridable) {
        unset.forEach(
            name -> problems.rule(named(key, given), "the variable " + name + " is not set"));
      }
      return Optional.empty();
    }
    Optional<T> value = kind.read(text);
    if (value.isEmpty()) {
      // As it was written: what a variable stands for may be a secret.
      problems.value(named(key, given), kind.redacted().apply(given.raw()), kind.allowed());
    }
    value.ifPresent(read -> show(key, kind.shown().apply(read), given.origin()));
    return value;
  }

  private String named(String key, Given given) {
    return given.origin() == Origin.ENVIRONMENT ? key + " (" + variable(key) + ")" : key;
  }

  private static <T> String shown(List<T> values, Kind<T> kind) {
    return values.stream().map(kind.shown()).toList().toString();
  }

  private void show(String key, String shown, Origin origin) {
    effective.put(key, new Effective(key, shown, origin));
  }

  private record Given(String raw, Origin origin) {}
}
