package dev.evertoken.boot;

import dev.evertoken.adapter.journal.EscrowListing;
import dev.evertoken.boot.settings.BadSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code escrow}: what a lost node's disk still holds, and its delivery. */
@Command(
    name = "escrow",
    description = "What a lost node's disk still holds, and its delivery.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class EscrowCommand {

  @ParentCommand private EvertokenCommand parent = new EvertokenCommand();

  @Spec private CommandSpec command = CommandSpec.create();

  @Command(
      name = "list",
      description = {
        "Lists the answers in a data folder, never their content; changes nothing.",
        "Needs no keys, and a node may be running on the folder. Committed answers stay for ten"
            + " minutes."
      })
  int list(@Parameters(paramLabel = "DIR") Path folder) throws IOException {
    String format = "%-36s  %-10s  %-16s  %-30s  %-9s  %8s  %s%n";
    out().printf(format, "ATTEMPT", "ACCOUNT", "PLATFORM", "REQUESTED", "STATE", "BYTES", "STATUS");
    for (EscrowListing.Item item : EscrowListing.read(existing(folder), Instant.now())) {
      out()
          .printf(
              format,
              item.attempt(),
              item.account(),
              item.platform(),
              item.requestedAt(),
              item.committedAt() == null ? "pending" : "committed",
              item.bytes(),
              item.status() == null ? "-" : item.status());
    }
    return 0;
  }

  @Command(
      name = "replay",
      description = {
        "Reads the answers again with today's templates, and delivers them to the database of the"
            + " settings.",
        "What cannot be read stays in the folder. Exit code 1 if any remain."
      })
  int replay(@Parameters(paramLabel = "DIR") Path folder) throws Exception {
    LostEscrow.Result result =
        LostEscrow.deliver(existing(folder), parent.settings().settings()).await();
    out().printf("delivered %d, remaining %d%n", result.delivered(), result.remaining());
    return result.remaining() == 0 ? 0 : 1;
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }

  private static Path existing(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadSettings(List.of(folder + ": not a folder"));
    }
    return folder;
  }
}
