package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evertoken.boot.operator.Table.Column;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keys}: the API keys of callers. */
@Command(name = "keys", description = "The API keys of callers.")
public final class KeysCommand {

  private static final String ALL = "/v1/keys";
  private static final List<Column> COLUMNS =
      Column.of("id", "name", "scopes", "pools", "accounts", "expires_at", "rate_per_second");

  @Mixin private Connection service = new Connection();

  @Command(name = "list", description = "Lists keys, without the keys themselves.")
  int list(@Mixin Pages pages) {
    return pages.print(service, ALL, new Query(), COLUMNS);
  }

  @Command(
      name = "create",
      description = {
        "Makes a key, which is shown this once.",
        "Nothing else goes to standard output. Without --pool and --account it opens every account."
      })
  int create(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--scope",
              required = true,
              paramLabel = "SCOPE",
              description =
                  "token:read, accounts:read, accounts:write, events:read, audit:read, metrics:read"
                      + " or admin; may be repeated.")
          List<String> scopes,
      @Option(names = "--pool", paramLabel = "NAME", description = "May be repeated.")
          @Nullable List<String> pools,
      @Option(names = "--account", paramLabel = "ID", description = "May be repeated.")
          @Nullable List<Long> accounts,
      @Option(
              names = "--expires",
              paramLabel = "TIME",
              converter = Times.OfFuture.class,
              description = "When it ends, or after how long, such as 90d.")
          @Nullable Instant expires,
      @Option(names = "--rate", paramLabel = "N", description = "Requests per second.")
          @Nullable Integer rate) {
    ObjectNode body = Json.object().put("name", name);
    Json.put(body, "scopes", scopes);
    Json.put(body, "pools", pools);
    Json.put(body, "accounts", accounts);
    Json.put(body, "expires_at", expires == null ? null : expires.toString());
    Json.put(body, "rate_per_second", rate);
    Answer made = service.api().send("POST", ALL, body);
    if (service.json()) {
      return service.show(made);
    }
    service.err().println("Key " + made.json().path("id").asLong() + ", shown this once:");
    service.out().println(made.json().path("key").asText());
    return Exit.DONE.code();
  }

  @Command(name = "delete", description = "Deletes a key: it opens nothing any more.")
  int delete(@Parameters(paramLabel = "ID") long id) {
    service.api().delete(ALL + "/" + id);
    return service.done("Key " + id + " is deleted.");
  }
}
