package dev.evertoken.boot;

import dev.evertoken.adapter.postgres.Postgres;
import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Rotation;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code restored}: says that the database was brought back from a backup. */
@Command(
    name = "restored",
    description = {
      "Makes a database that was brought back from a backup fit to be served from.",
      "With all nodes stopped, once, before the first of them starts.",
    },
    mixinStandardHelpOptions = true)
final class RestoredCommand implements Callable<Integer> {

  @ParentCommand private EvertokenCommand parent = new EvertokenCommand();

  @Override
  public Integer call() throws Exception {
    long doubted = adopt(parent.settings().settings()).await();
    System.out.printf(
        "ready; %d accounts have a refresh token that may be spent since the backup%n", doubted);
    return 0;
  }

  /** Completes with how many accounts have a refresh token of which nobody knows if it is spent. */
  static Future<Long> adopt(Settings settings) {
    Ending ending = new Ending();
    return Ground.open(settings, NodeId.fresh(), settings.embedsServers(), ending)
        .map(Ground::postgres)
        .compose(postgres -> adopt(postgres, settings))
        .eventually(ending::close);
  }

  private static Future<Long> adopt(Postgres postgres, Settings settings) {
    if (postgres.nodes().live() > 1) {
      return Future.failedFuture(
          new BadSettings(List.of("postgres.uri: nodes use this database; stop them all first")));
    }
    List<String> rotating =
        settings.platforms().all().stream()
            .filter(platform -> !(platform.rotation() instanceof Rotation.None))
            .map(Platform::name)
            .toList();
    return postgres.broughtBack(rotating);
  }
}
