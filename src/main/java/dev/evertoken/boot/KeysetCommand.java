package dev.evertoken.boot;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.KeysetFile;
import dev.evertoken.boot.settings.BadSettings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keyset}: makes and changes the keys that seal what is stored. */
@Command(
    name = "keyset",
    description = "Makes and changes the keys that seal what is stored.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class KeysetCommand {

  @ParentCommand private EvertokenCommand parent = new EvertokenCommand();

  @Command(
      name = "new",
      description = "Prints a fresh keyset, and nothing else.",
      mixinStandardHelpOptions = true)
  int fresh() {
    System.out.println(Keyset.generate().json().reveal());
    return 0;
  }

  @Command(
      name = "rotate",
      description = "Adds a key that opens, and does not seal yet.",
      mixinStandardHelpOptions = true)
  int rotate(@Parameters(paramLabel = "FILE", description = "The keyset file.") Path file)
      throws IOException {
    return change(file, Keyset::rotated);
  }

  @Command(
      name = "promote",
      description = "Makes the newest key the one that seals.",
      mixinStandardHelpOptions = true)
  int promote(@Parameters(paramLabel = "FILE", description = "The keyset file.") Path file)
      throws IOException {
    return change(file, Keyset::promoted);
  }

  @Command(
      name = "prune",
      description =
          "Drops every key but the one that seals: only after a rewrap that left nothing, and what"
              + " older backups hold opens no more.",
      mixinStandardHelpOptions = true)
  int prune(@Parameters(paramLabel = "FILE", description = "The keyset file.") Path file)
      throws IOException {
    return change(file, Keyset::pruned);
  }

  @Command(
      name = "status",
      description = "The ids of the keys of each node of the service at EVERTOKEN_URL.",
      mixinStandardHelpOptions = true)
  int status(@Option(names = "--json", description = "For machines.") boolean json)
      throws IOException, InterruptedException {
    try (KeysetCalls calls = calls()) {
      JsonObject overview = calls.overview();
      if (json) {
        System.out.println(overview.encode());
      } else {
        System.out.printf("%-40s  %-12s  %s%n", "NODE", "PRIMARY", "ALL KEYS");
        overview.getJsonArray("nodes").forEach(node -> print((JsonObject) node));
      }
    }
    return 0;
  }

  private static void print(JsonObject node) {
    System.out.printf(
        "%-40s  %-12s  %s%n",
        node.getString("id"),
        node.getString("primary_key", "not told"),
        node.getJsonArray("known_keys").stream()
            .map(String::valueOf)
            .collect(Collectors.joining(" ")));
  }

  @Command(
      name = "rewrap",
      description = {
        "Brings what the service at EVERTOKEN_URL stores under the key that seals: PostgreSQL,",
        "Redis and the escrow of its nodes; 1 where something under another key is left.",
      },
      mixinStandardHelpOptions = true)
  int rewrap(@Option(names = "--json", description = "For machines.") boolean json)
      throws IOException, InterruptedException {
    try (KeysetCalls calls = calls()) {
      KeysetCalls.Outcome outcome = calls.rewrap();
      if (json) {
        System.out.println(json(outcome).encode());
      } else {
        System.out.printf("%-10s  %10s  %10s%n", "STORE", "RESEALED", "LEFT");
        System.out.printf("%-10s  %10d  %10d%n", "postgres", outcome.postgres(), outcome.left());
        System.out.printf("%-10s  %10d  %10d%n", "redis", outcome.redis(), 0);
        System.out.printf("%-10s  %10s  %10d%n", "escrow", "by itself", outcome.escrowLeft());
      }
      return outcome.complete() ? 0 : 1;
    }
  }

  private static JsonObject json(KeysetCalls.Outcome outcome) {
    return new JsonObject()
        .put("primary_key", outcome.primaryKey())
        .put(
            "resealed",
            new JsonObject().put("postgres", outcome.postgres()).put("redis", outcome.redis()))
        .put("left", outcome.left())
        .put("escrow_left", outcome.escrowLeft());
  }

  private KeysetCalls calls() throws IOException {
    return KeysetCalls.of(() -> parent.settings().settings(), System.getenv());
  }

  private static int change(Path path, UnaryOperator<Keyset> step) throws IOException {
    KeysetFile file = new KeysetFile(path);
    if (!file.exists()) {
      throw new BadSettings(List.of(path + ": does not exist"));
    }
    try {
      file.write(step.apply(file.read()));
    } catch (Keyset.BadKeyset e) {
      throw new BadSettings(List.of(path + ": is " + e.getMessage()));
    }
    return 0;
  }
}
