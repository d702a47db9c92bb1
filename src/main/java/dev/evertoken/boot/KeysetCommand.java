package dev.evertoken.boot;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.KeysetFile;
import dev.evertoken.boot.operator.KeyringCommand;
import dev.evertoken.boot.operator.RewrapCommand;
import dev.evertoken.boot.settings.BadSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code keyset}: makes and changes the keys that seal what is stored. */
@Command(
    name = "keyset",
    subcommands = {KeyringCommand.class, RewrapCommand.class},
    description = "Makes and changes the keys that seal what is stored.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class KeysetCommand {

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
