package dev.evertoken.boot.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that a misspelt one most likely meant. */
final class Nearest {

  private Nearest() {}

  static Optional<String> of(String name, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.<String>comparingInt(candidate -> strangeness(name, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  // The right name in the wrong section, and a key below a value, are likelier than many typos.
  private static int strangeness(String name, String candidate) {
    if (name.startsWith(candidate + ".")) {
      return 0;
    }
    return Math.min(distance(name, candidate), 2 + distance(last(name), last(candidate)));
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** How many letters must be added, dropped or changed (Levenshtein). */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
