package dev.evertoken.boot.settings;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * A YAML text as flat keys: {@code http.port}, {@code scopes[0]}, {@code rules[1].status}; an empty
 * list is {@code scopes[]}.
 *
 * <p>Every scalar is a text (the failsafe schema), so that {@code 010}, {@code no} and {@code 1e3}
 * mean what they look like.
 */
final class YamlFile {

  // An alias can make a YAML document that holds itself.
  private static final int LONGEST_PATH = 500;

  private final Map<String, String> flat = new LinkedHashMap<>();
  private final String name;
  private final Problems problems;

  private YamlFile(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  static Map<String, String> read(String name, String text, Problems problems) {
    YamlFile file = new YamlFile(name, problems);
    file.load(text);
    return file.flat;
  }

  private void load(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new FailsafeSchema())
            .setTagConstructors(Map.of(Tag.NULL, node -> ""))
            .setAllowDuplicateKeys(false)
            .setLabel(name)
            .build();
    try {
      Object document = new Load(settings).loadFromString(text);
      if (document instanceof Map<?, ?> map) {
        map(map, "");
      } else if (document != null && !document.equals("")) {
        problems.rule(name, "must be a mapping of keys to values");
      }
    } catch (MarkedYamlEngineException e) {
      // Not its message: that quotes the lines around, and a line may hold a secret.
      String where =
          e.getProblemMark()
              .map(
                  mark ->
                      "line %d, column %d: ".formatted(mark.getLine() + 1, mark.getColumn() + 1))
              .orElse("");
      problems.rule(name, where + e.getProblem());
    } catch (YamlEngineException e) {
      problems.rule(name, "is not YAML");
    }
  }

  private void map(Map<?, ?> map, String path) {
    map.forEach((key, value) -> node(value, path.isEmpty() ? "" + key : path + "." + key));
  }

  private void list(List<?> list, String path) {
    if (list.isEmpty()) {
      put(path + "[]", "");
    }
    for (int i = 0; i < list.size(); i++) {
      node(list.get(i), path + "[" + i + "]");
    }
  }

  private void node(@Nullable Object value, String path) {
    if (path.length() > LONGEST_PATH) {
      problems.rule(name, "is nested too deeply");
      return;
    }
    switch (value) {
      case null -> put(path, "");
      case Map<?, ?> map -> map(map, path);
      case List<?> list -> list(list, path);
      default -> put(path, value.toString());
    }
  }

  private void put(String path, String value) {
    if (flat.put(path, value.strip()) != null) {
      problems.rule(name, "found duplicate key " + path);
    }
  }

  /** Names of the keys directly below a path. */
  static Set<String> names(Map<String, String> flat, String path) {
    return flat.keySet().stream()
        .filter(key -> key.startsWith(path + "."))
        .map(key -> key.substring(path.length() + 1).replaceAll("[.\\[].*", ""))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
