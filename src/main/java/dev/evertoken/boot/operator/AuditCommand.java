package dev.evertoken.boot.operator;

import dev.evertoken.boot.operator.Table.Column;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit}: who changed what, and who read which tokens. */
@Command(
    name = "audit",
    description = "Who changed what, and who read which tokens; the newest first.")
public final class AuditCommand implements Callable<Integer> {

  private static final List<Column> COLUMNS =
      Column.of("at", "actor", "actor_name", "action", "account", "reads", "reason", "facts");

  @Mixin private Connection service = new Connection();
  @Mixin private Pages pages = new Pages();

  @Option(names = "--account", paramLabel = "ID")
  private @Nullable Long account;

  @Option(names = "--actor", paramLabel = "ACTOR")
  private @Nullable String actor;

  @Option(names = "--action", paramLabel = "ACTION")
  private @Nullable String action;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Times.OfPast.class,
      description = "Such as 2026-11-23T10:00:00Z, or 2h: two hours ago.")
  private @Nullable Instant since;

  @Option(names = "--until", paramLabel = "TIME", converter = Times.OfPast.class)
  private @Nullable Instant until;

  @Override
  public Integer call() {
    Query filter =
        new Query()
            .with("account", account)
            .with("actor", actor)
            .with("action", action)
            .with("since", since)
            .with("until", until);
    return pages.print(service, "/v1/audit", filter, COLUMNS);
  }
}
