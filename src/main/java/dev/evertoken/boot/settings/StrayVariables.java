package dev.evertoken.boot.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Variables that look like a misspelt {@code EVERTOKEN_…} one.
 *
 * <p>A warning only, and only near a known name: an orchestrator sets variables of that prefix for
 * a service of that name.
 */
final class StrayVariables {

  private static final int NEAR = 2;
  private static final Set<String> OTHERS =
      Set.of(
          "EVERTOKEN_ADMIN_KEY",
          "EVERTOKEN_ENCRYPTION_KEYSET",
          "EVERTOKEN_URL",
          "EVERTOKEN_API_KEY",
          "EVERTOKEN_CA",
          "EVERTOKEN_LIBRARIES_LOG_LEVEL",
          "EVERTOKEN_TEST_LOG_LEVEL");

  private StrayVariables() {}

  static List<String> in(Map<String, String> environment, Set<String> keys) {
    Set<String> known = keys.stream().map(Values::variable).collect(Collectors.toSet());
    known.addAll(OTHERS);
    List<String> warnings = new ArrayList<>();
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith("EVERTOKEN_") && !known.contains(name)) {
        Nearest.of(name, known)
            .filter(near -> Nearest.distance(name, near) <= NEAR)
            .ifPresent(near -> warnings.add(name + " is unknown; is it " + near + "?"));
      }
    }
    return warnings;
  }
}
