package dev.evertoken.boot;

import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Rotation;
import dev.evertoken.port.Nodes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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

  /** More than a heartbeat counts for. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

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
        .compose(ground -> alone(ground).map(ground.postgres()))
        .compose(postgres -> postgres.broughtBack(rotating(settings)))
        .eventually(ending::close);
  }

  /**
   * A node that was stopped just now, or just before the backup, falls silent; one that lives does
   * not.
   */
  private static Future<Void> alone(Ground ground) {
    Nodes nodes = ground.postgres().nodes();
    return nodes.live() == 1
        ? Future.succeededFuture()
        : ground
            .vertx()
            .timer(SILENCE.toMillis(), TimeUnit.MILLISECONDS)
            .compose(
                waited ->
                    nodes.live() == 1 ? Future.succeededFuture() : Future.failedFuture(inUse()));
  }

  private static BadSettings inUse() {
    return new BadSettings(List.of("postgres.uri: nodes use this database; stop them all first"));
  }

  private static List<String> rotating(Settings settings) {
    return settings.platforms().all().stream()
        .filter(platform -> !(platform.rotation() instanceof Rotation.None))
        .map(Platform::name)
        .toList();
  }
}
