package dev.evertoken.http;

import dev.evertoken.app.AccountExport;
import dev.evertoken.app.AccountImport;
import dev.evertoken.app.ImportReport;
import dev.evertoken.app.ImportReport.Outcome;
import dev.evertoken.app.ImportReport.ProxyResult;
import dev.evertoken.app.ImportReport.Result;
import dev.evertoken.app.VisibleAccounts.Wanted;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.WireName;
import dev.evertoken.http.AccountFileReader.Found;
import dev.evertoken.port.Time;
import dev.evertoken.wire.ProblemJson;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts by the file: import and export (contract, section 3, "Accounts"). */
final class AccountFileEndpoints {

  private final AccountImport imports;
  private final AccountExport exports;
  private final Time time;

  AccountFileEndpoints(AccountImport imports, AccountExport exports, Time time) {
    this.imports = imports;
    this.exports = exports;
    this.time = time;
  }

  /** The form of an export. */
  enum Format {
    JSON,
    LINES
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.post("/v1/accounts/import", Scope.ACCOUNTS_WRITE, this::take).withFile(),
        Endpoint.get("/v1/accounts/export", Scope.ACCOUNTS_READ, this::give)
            .with("secrets", Scope.ADMIN));
  }

  /** A large file is read, and its report written, beside the event loop. */
  private Future<Reply> take(Call call) {
    RequestFields query = call.query();
    boolean rehearsal = Boolean.TRUE.equals(query.flag("dry_run"));
    String pool = AccountRequests.pool(query);
    query.end();
    boolean lines = Bodies.lines(call.request());
    Context context = Objects.requireNonNull(Vertx.currentContext());
    return context
        .executeBlocking(() -> new AccountFileReader(call.body(), pool).read(lines), false)
        .compose(
            found ->
                imports
                    .run(call.caller(), found.file(), rehearsal)
                    .compose(
                        report ->
                            context.executeBlocking(() -> told(report, found, rehearsal), false)));
  }

  private Future<Reply> give(Call call) {
    RequestFields query = call.query();
    boolean secrets = Boolean.TRUE.equals(query.flag("secrets"));
    Format format = query.oneOf("format", Format.class);
    Wanted wanted =
        new Wanted(
            query.text("platform", 100),
            query.text("pool", 100),
            query.oneOf("status", AccountStatus.class),
            null,
            query.text("name", 200),
            null,
            null);
    query.end();
    exports.begin(call.caller(), secrets);
    boolean lines = format == Format.LINES;
    ExportedAccounts accounts =
        new ExportedAccounts(exports, wanted, secrets, lines, time.instant());
    return accounts.next().map(first -> streamed(first, accounts, lines));
  }

  /** The first page is read before the status is sent, so that a storage that is down is a 503. */
  private static Reply streamed(Optional<Buffer> first, Reply.Pieces rest, boolean lines) {
    return Reply.streamed(
        new Reply.Pieces() {
          private Optional<Buffer> piece = first;

          @Override
          public Future<Optional<Buffer>> next() {
            Optional<Buffer> now = piece;
            piece = Optional.empty();
            return now.isPresent() ? Future.succeededFuture(now) : rest.next();
          }
        },
        lines ? Headers.JSON_LINES : Headers.JSON);
  }

  private static Reply told(ImportReport report, Found found, boolean rehearsal) {
    JsonArray proxies = new JsonArray();
    for (int index = 0; index < report.proxies().size(); index++) {
      proxies.add(proxy(index, report.proxies().get(index)));
    }
    JsonArray results = new JsonArray();
    report.results().forEach(result -> results.add(result(result, found.lines())));
    JsonObject json =
        new JsonObject().put("dry_run", rehearsal).put("total", report.results().size());
    for (Outcome outcome : Outcome.values()) {
      json.put(WireName.of(outcome), report.count(outcome));
    }
    return Reply.json(json.put("proxies", proxies).put("results", results));
  }

  private static JsonObject proxy(int index, ProxyResult proxy) {
    JsonObject json =
        new JsonObject().put("index", index).put("outcome", WireName.of(proxy.outcome()));
    return told(json.put("proxy", proxy.id()), proxy.problem());
  }

  private static JsonObject result(Result result, boolean lines) {
    JsonObject json =
        new JsonObject()
            .put(lines ? "line" : "index", result.place())
            .put("outcome", WireName.of(result.outcome()))
            .put("account", result.account());
    if (result.outcome() == Outcome.UPDATED) {
      json.put("changed", new JsonArray(result.changed()));
    }
    if (!result.ignored().isEmpty()) {
      json.put("ignored", new JsonArray(result.ignored()));
    }
    if (result.note() != null) {
      json.put("note", result.note());
    }
    return told(json, result.problem());
  }

  private static JsonObject told(JsonObject json, @Nullable Problem problem) {
    return problem == null ? json : json.put("problem", ProblemJson.of(problem, null));
  }
}
