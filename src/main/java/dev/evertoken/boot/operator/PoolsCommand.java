package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evertoken.boot.operator.Table.Column;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pools}: the sets of accounts that callers ask. */
@Command(name = "pools", description = "The sets of accounts that callers ask for any healthy one.")
public final class PoolsCommand {

  private static final String ALL = "/v1/pools";
  private static final String NAME = "NAME";
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("name"),
          Column.of("strategy"),
          Column.of("max_switches"),
          count("usable"),
          count("total"),
          Column.of("next_recovery_at"));

  @Mixin private Connection service = new Connection();

  @Command(name = "list", description = "Lists pools, with their accounts by state.")
  int list(@Mixin Pages pages) {
    return pages.print(service, ALL, new Query(), COLUMNS);
  }

  @Command(name = "show", description = "Shows a pool, with its accounts by state.")
  int show(@Parameters(paramLabel = NAME) String name) {
    return service.show(service.api().get(one(name)));
  }

  @Command(
      name = "set",
      description = "Says how a pool picks; what is not given goes back to its default.")
  int set(
      @Parameters(paramLabel = NAME) String name,
      @Option(names = "--strategy", description = "priority or round_robin.")
          @Nullable String strategy,
      @Option(
              names = "--max-switches",
              paramLabel = "N",
              description = "How many other accounts one call tries.")
          @Nullable Integer switches) {
    ObjectNode body = Json.object();
    Json.put(body, "strategy", strategy);
    Json.put(body, "max_switches", switches);
    return service.show(service.api().send("PUT", one(name), body));
  }

  private static Column count(String state) {
    return new Column(
        state.toUpperCase(Locale.ROOT), pool -> Json.text(pool.path("counts").path(state)));
  }

  private String one(String name) {
    return ALL + "/" + service.segment(name);
  }
}
