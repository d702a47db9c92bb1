package dev.evertoken.boot.operator;

import dev.evertoken.boot.operator.Table.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which page of a list is wanted, and its printing. */
final class Pages {

  private static final int MOST = 500;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Items of one page (default 50, at most 500).")
  private @Nullable Integer limit;

  @Option(
      names = "--cursor",
      paramLabel = "CURSOR",
      description = "The page after the one that named this cursor.")
  private @Nullable String cursor;

  @Option(names = "--all", description = "Every page; with --json one page a line.")
  private boolean all;

  /** Asks for the pages and prints each as it comes: a list may be longer than the memory. */
  int print(Connection service, String path, Query filter, List<Column> columns) {
    String next = cursor;
    boolean first = true;
    do {
      Query page = new Query().with("limit", limit());
      Answer answer = service.api().get(path + page.with("cursor", next).and(filter));
      if (service.json()) {
        service.printJson(answer.text());
      } else {
        List<String> rows = Table.rows(answer.json().path("items"), columns);
        rows.stream().skip(first ? 0 : 1).forEach(service.out()::println);
      }
      next = answer.json().path("next_cursor").asText(null);
      first = false;
    } while (all && next != null);
    if (!service.json() && next != null) {
      service.err().println("There are more: --cursor " + Json.printable(next) + ", or --all");
    }
    return Exit.DONE.code();
  }

  private @Nullable Integer limit() {
    return all && limit == null ? Integer.valueOf(MOST) : limit;
  }
}
