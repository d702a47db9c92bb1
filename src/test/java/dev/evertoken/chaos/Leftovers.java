package dev.evertoken.chaos;

import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a node at rest still holds: files, threads, connections, refreshes that never ended. */
final class Leftovers {

  /** Files, sockets and threads that a node may have more or fewer of without a reason. */
  private static final int SWAY = 12;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What lives for as long as one refresh, or one wait for it. */
  private static final Pattern PASSING =
      Pattern.compile(
          "(\\d+)\\s+\\d+\\s+(dev\\.evertoken\\.app\\.(?:Refresher\\$Running|RefreshRun|HeldClaim"
              + "|Exchange|Patience))\\s");

  /**
   * What a node has open at rest.
   *
   * @param files without its connections with callers
   */
  record Held(int files, int threads) {}

  private final Nodes nodes;

  Leftovers(Nodes nodes) {
    this.nodes = nodes;
  }

  Held of(int node) {
    return new Held(files(node), threads(node));
  }

  /**
   * Waits until every node is as it was at rest before, and nothing passing is left; what does not
   * go.
   */
  List<String> afterAll(List<Held> before) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<String> left = left(before);
    while (!left.isEmpty() && System.nanoTime() < end) {
      Await.pass(Duration.ofMillis(500));
      left = left(before);
    }
    return left;
  }

  private List<String> left(List<Held> before) {
    return Stream.concat(
            Stream.of(claims()),
            Stream.iterate(0, node -> node + 1)
                .limit(Nodes.COUNT)
                .flatMap(node -> left(node, before.get(node))))
        .filter(Objects::nonNull)
        .map(String.class::cast)
        .toList();
  }

  private Stream<@Nullable String> left(int node, Held before) {
    Held now = of(node);
    long toProvider = nodes.links(node).toProvider().openConnections();
    String metrics = nodes.talk(node).get("/metrics").body();
    return Stream.of(
        now.files() > before.files() + SWAY
            ? "node %d: files %s, %s before".formatted(node, now, before)
            : null,
        now.threads() > before.threads() + SWAY
            ? "node %d: threads %s, %s before".formatted(node, now, before)
            : null,
        toProvider > 0 ? "node " + node + ": connections to the provider " + toProvider : null,
        escrow(node, metrics),
        passing(node));
  }

  /** What nobody could read stays, also beyond the account's end: it holds the only successor. */
  private @Nullable String escrow(int node, String metrics) {
    long kept =
        metrics
            .lines()
            .filter(line -> line.startsWith("evertoken_escrow_records "))
            .map(line -> line.substring(line.indexOf(' ') + 1))
            .mapToLong(value -> (long) Double.parseDouble(value))
            .findFirst()
            .orElse(Long.MAX_VALUE);
    long unreadable =
        nodes.node(node).log().lines().filter(l -> l.contains("\"answer_unreadable\"")).count();
    return kept <= unreadable ? null : "node " + node + ": answers in escrow " + kept;
  }

  private @Nullable String claims() {
    try (Connection connection = Jdbc.connect(nodes.postgres().uri());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from accounts where claim_attempt is not null")) {
      row.next();
      return row.getInt(1) == 0 ? null : "claims " + row.getInt(1);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Counts live objects in the heap of the node. */
  private @Nullable String passing(int node) {
    String command = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = Long.toString(nodes.node(node).pid());
    try {
      Process process = new ProcessBuilder(command, pid, "GC.class_histogram").start();
      String histogram;
      try (var out = process.getInputStream()) {
        histogram = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      }
      if (!histogram.contains("java.lang.String")) {
        throw new AssertionError("no histogram: " + histogram);
      }
      Matcher found = PASSING.matcher(histogram);
      return found.find() ? "node " + node + ": " + found.group(1) + " " + found.group(2) : null;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private int threads(int node) {
    return count(Path.of("/proc", Long.toString(nodes.node(node).pid()), "task"));
  }

  private int files(int node) {
    Set<String> callers = callers(node);
    try (Stream<Path> all =
        Files.list(Path.of("/proc", Long.toString(nodes.node(node).pid()), "fd"))) {
      return (int) all.filter(file -> !callers.contains(target(file))).count();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  /** The connections with callers, as they show among the files of a process. */
  private Set<String> callers(int node) {
    String port =
        ":%04X".formatted(URI.create(nodes.node(node).url()).getPort()).toUpperCase(Locale.ROOT);
    return Stream.of("tcp", "tcp6")
        .flatMap(table -> lines(Path.of("/proc/net", table)).stream())
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length > 9 && fields[1].endsWith(port))
        .map(fields -> "socket:[" + fields[9] + "]")
        .collect(Collectors.toSet());
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int count(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return (int) all.count();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
