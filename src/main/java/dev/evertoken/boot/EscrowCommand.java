package dev.evertoken.boot;

import dev.evertoken.adapter.journal.EscrowListing;
import dev.evertoken.boot.settings.BadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code escrow}: what a lost node's disk still holds, and its delivery. */
@Command(
    name = "escrow",
    description = "What a lost node's disk still holds, and its delivery.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class EscrowCommand {

  @ParentCommand private EvertokenCommand parent = new EvertokenCommand();

  @Command(name = "list", description = "Lists the answers in a data folder; changes nothing.")
  int list(@Parameters(paramLabel = "DIR") Path folder) throws IOException {
    List<EscrowListing.Item> items = EscrowListing.read(existing(folder));
    System.out.printf("%-36s  %-10s  %-16s  %s%n", "ATTEMPT", "ACCOUNT", "PLATFORM", "REQUESTED");
    for (EscrowListing.Item item : items) {
      System.out.printf(
          "%-36s  %-10d  %-16s  %s%n",
          item.attempt(), item.account(), item.platform(), item.requestedAt());
    }
    return 0;
  }

  @Command(
      name = "replay",
      description = "Delivers them to the database of the settings; 1 where some remain.")
  int replay(@Parameters(paramLabel = "DIR") Path folder) throws Exception {
    LostEscrow.Result result =
        LostEscrow.deliver(existing(folder), parent.settings().settings()).await();
    System.out.printf("delivered %d, remaining %d%n", result.delivered(), result.remaining());
    return result.remaining() == 0 ? 0 : 1;
  }

  private static Path existing(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadSettings(List.of(folder + ": is no folder"));
    }
    return folder;
  }
}
