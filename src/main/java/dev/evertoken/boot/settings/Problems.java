package dev.evertoken.boot.settings;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with a configuration, gathered so that all of it is told at once. */
final class Problems {

  private final Set<String> lines = new LinkedHashSet<>();

  void value(String key, String shown, String allowed) {
    lines.add("%s: \"%s\" is not allowed; allowed: %s".formatted(key, shown, allowed));
  }

  void missing(String key, String allowed) {
    lines.add("%s: is missing; allowed: %s".formatted(key, allowed));
  }

  void unknown(String key, String nearest) {
    lines.add("%s: unknown key; the nearest known one is %s".formatted(key, nearest));
  }

  void rule(String key, String why) {
    lines.add(key + ": " + why);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  void throwIfAny() {
    if (!lines.isEmpty()) {
      throw new BadSettings(lines());
    }
  }
}
