package dev.evertoken.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures what it is asked for, or everything, and leaves a table in a file: {@code Figures
 * target/bench warm-http bus-local}.
 */
public final class Figures {

  private static final Map<String, Figure> ALL = new LinkedHashMap<>();

  static {
    ALL.put("warm-http", new WarmHttp());
    ALL.put("bus-local", new BusLocal());
    ALL.put("bus-remote", new BusRemote());
    ALL.put("in-process", new InProcess());
    ALL.put("scan", new ScanCost());
    ALL.put("lists", new Lists());
    ALL.put("heap", new HeapPerAccount());
    ALL.put("first-token", new FirstToken());
    ALL.put("isolation", new Isolation());
    ALL.put("refreshes", new Refreshes());
    ALL.put("expiry", new Expiry());
    ALL.put("benches", new Benches());
  }

  private Figures() {}

  /** The folder for results, then names of figures. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    List<String> wanted = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    wanted.removeIf(String::isBlank);
    List<String> names = wanted.isEmpty() ? List.copyOf(ALL.keySet()) : wanted;
    if (!ALL.keySet().containsAll(names)) {
      System.err.println("There are these figures: " + String.join(", ", ALL.keySet()));
      System.exit(2);
    }
    Files.createDirectories(folder);
    StringBuilder table = new StringBuilder(Machine.description());
    table.append(
        "\n| Figure | Measured | Baseline | Ratio of the medians | of the rounds | Rounds |\n|---|---|---|---|---|---|\n");
    for (String name : names) {
      System.out.println("== " + name);
      Figure figure = Objects.requireNonNull(ALL.get(name));
      for (Result result : figure.measure(folder.resolve(name))) {
        System.out.println(result.row());
        table.append(result.row()).append('\n');
      }
    }
    Path file = folder.resolve("figures.md");
    Files.writeString(file, table);
    System.out.println("\n" + table + "\nalso in " + file);
    System.exit(0);
  }
}
