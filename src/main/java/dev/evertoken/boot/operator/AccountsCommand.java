package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evertoken.boot.operator.Table.Column;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code accounts}: the accounts of a running service. */
@Command(
    name = "accounts",
    description = "The accounts whose tokens are kept.",
    subcommands = {
      AccountEditing.Create.class,
      AccountEditing.Edit.class,
      AccountTransfer.Import.class,
      AccountTransfer.Export.class,
      WhyCommand.class,
    })
public final class AccountsCommand {

  static final String ALL = "/v1/accounts";

  private static final String ID = "ID";
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("id"),
          Column.of("name"),
          Column.of("platform"),
          new Column("STATE", AccountsCommand::state),
          Column.of("priority"),
          Column.of("pools"),
          Column.of("proxy_id"),
          Column.of("expires_at"));
  private static final List<Column> ATTENTION =
      List.of(
          Column.of("id"),
          Column.of("name"),
          Column.of("platform"),
          new Column("STATE", AccountsCommand::state),
          Column.of("refresh_token_expires_at"),
          Column.of("outcome_unknown_since"),
          Column.of("unreadable_since"));
  private static final List<Column> RESULTS =
      List.of(
          Column.of("account"),
          Column.of("outcome"),
          new Column("PROBLEM", result -> Json.text(result.path("problem").path("detail"))));

  @Mixin private Connection service = new Connection();

  Connection service() {
    return service;
  }

  @Command(name = "list", description = "Lists accounts, a page at a time.")
  int list(
      @Option(names = "--platform") @Nullable String platform,
      @Option(names = "--pool") @Nullable String pool,
      @Option(names = "--status", description = "active, error or disabled.")
          @Nullable String status,
      @Option(
              names = "--schedulable",
              negatable = true,
              description = "Only those that are picked; --no-schedulable: that are not.")
          @Nullable Boolean schedulable,
      @Option(names = "--name") @Nullable String name,
      @Option(
              names = "--needs",
              paramLabel = "attention",
              description = "attention: in error, in doubt, or to be authorised again soon.")
          @Nullable String needs,
      @Option(
              names = "--refresh-token-expires-before",
              paramLabel = "TIME",
              description = "Only those whose refresh token ends before that (RFC 3339).")
          @Nullable String endsBefore,
      @Mixin Pages pages) {
    Query filter =
        new Query()
            .with("platform", platform)
            .with("pool", pool)
            .with("status", status)
            .with("schedulable", schedulable)
            .with("name", name)
            .with("needs", needs)
            .with("refresh_token_expires_before", endsBefore);
    boolean ofRefreshTokens = needs != null || endsBefore != null;
    return pages.print(service, ALL, filter, ofRefreshTokens ? ATTENTION : COLUMNS);
  }

  @Command(name = "show", description = "Shows everything about an account but its secrets.")
  int show(@Parameters(paramLabel = ID) long id) {
    return service.show(service.api().get(one(id)));
  }

  @Command(name = "pause", description = "Takes an account out of its pools; it stays fresh.")
  int pause(@Parameters(paramLabel = ID) long id) {
    return change(id, Json.object().put("paused", true));
  }

  @Command(name = "resume", description = "Ends a pause.")
  int resume(@Parameters(paramLabel = ID) long id) {
    return change(id, Json.object().put("paused", false));
  }

  @Command(
      name = "delete",
      description = "Deletes an account; its token is revoked where the provider can.")
  int delete(
      @Parameters(paramLabel = ID) long id,
      @Option(names = "--yes", description = "Do not ask.") boolean yes) {
    if (!yes) {
      service.confirm("Delete account " + id + " and revoke its token?");
    }
    service.api().delete(one(id));
    return service.done("Account " + id + " is deleted.");
  }

  @Command(name = "refresh", description = "Refreshes now; several accounts in one call.")
  int refresh(
      @Parameters(paramLabel = ID, arity = "1..500") List<Long> ids,
      @Option(
              names = "--force",
              description = "Present even a refresh token that may be spent; one account only.")
          boolean force) {
    if (ids.size() == 1) {
      return service.show(post(ids.getFirst(), force ? "/refresh?force=true" : "/refresh"));
    }
    if (force) {
      throw service.misused("--force takes one account");
    }
    ObjectNode body = Json.object().set("ids", Json.array(ids));
    Answer answer =
        service.api().send("POST", ALL + "/batch-refresh", body.toString(), Api.JSON, Api.LONG);
    if (service.json()) {
      service.printJson(answer.text());
    } else {
      Table.rows(answer.json().path("results"), RESULTS).forEach(service.out()::println);
    }
    return (answer.json().path("failed").asInt() == 0 ? Exit.DONE : Exit.FAILED).code();
  }

  @Command(name = "bench", description = "Keeps an account from being picked for some time.")
  int bench(
      @Parameters(paramLabel = ID) long id,
      @Option(
              names = "--for",
              required = true,
              paramLabel = "DURATION",
              converter = Times.OfDuration.class,
              description = "Such as 90s, 10m, 2h, 7d.")
          Duration time,
      @Option(names = "--reason", paramLabel = "TEXT") @Nullable String reason) {
    ObjectNode body = Json.object().put("seconds", time.toSeconds());
    Json.put(body, "reason", reason);
    return service.show(service.api().send("PUT", one(id) + "/temp-unschedulable", body));
  }

  @Command(name = "unbench", description = "Ends the benches of an account.")
  int unbench(
      @Parameters(paramLabel = ID) long id,
      @Option(names = "--cause", description = "Only the bench of that cause.")
          @Nullable String cause) {
    String query = new Query().with("cause", cause).toString();
    return service.show(service.api().delete(one(id) + "/temp-unschedulable" + query));
  }

  @Command(
      name = "clear-error",
      description = "Makes an account active again that was given up in error.")
  int clearError(@Parameters(paramLabel = ID) long id) {
    return service.show(post(id, "/clear-error"));
  }

  private Answer post(long id, String what) {
    return service.api().send("POST", one(id) + what, null);
  }

  private int change(long id, JsonNode body) {
    return service.show(service.api().send("PATCH", one(id), body));
  }

  static String one(long id) {
    return ALL + "/" + id;
  }

  /** Active, or what keeps it from being picked. */
  private static String state(JsonNode account) {
    String blocked =
        StreamSupport.stream(account.path("blocked_by").spliterator(), false)
            .map(blocker -> Json.text(blocker.path("kind")))
            .distinct()
            .collect(Collectors.joining(", "));
    return blocked.isEmpty() ? Json.text(account.path("status")) : blocked;
  }
}
