package dev.evertoken.boot.operator;

import dev.evertoken.boot.operator.Table.Column;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code providers}: the platforms that the service knows. */
@Command(name = "providers", description = "The platforms of conf/providers.yaml and their state.")
public final class ProvidersCommand {

  private static final String ALL = "/v1/providers";
  private static final List<Column> COLUMNS =
      Column.of("platform", "state", "missing_variables", "token_url");

  @Mixin private Connection service = new Connection();

  @Command(name = "list", description = "Lists platforms, a page at a time.")
  int list(@Mixin Pages pages) {
    return pages.print(service, ALL, new Query(), COLUMNS);
  }

  @Command(
      name = "show",
      description = "Shows a platform's template without secrets, and the state of its routes.")
  int show(@Parameters(paramLabel = "PLATFORM") String platform) {
    return service.show(service.api().get(ALL + "/" + service.segment(platform)));
  }
}
