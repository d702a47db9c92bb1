package dev.evertoken.http;

import dev.evertoken.app.AccountView;
import dev.evertoken.app.Administration;
import dev.evertoken.app.BatchRefresh;
import dev.evertoken.app.VisibleAccounts.Wanted;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Scope;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Need;
import dev.evertoken.port.Time;
import dev.evertoken.wire.AccountJson;
import dev.evertoken.wire.ProblemJson;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** The accounts (contract, section 3). */
final class AccountEndpoints {

  private static final String ALL = "/v1/accounts";
  private static final String ONE = ALL + "/{id}";
  private static final int MOST_AT_ONCE = 500;

  private final Administration admin;
  private final Time time;

  AccountEndpoints(Administration admin, Time time) {
    this.admin = admin;
    this.time = time;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(ALL, Scope.ACCOUNTS_READ, this::list),
        Endpoint.post(ALL, Scope.ACCOUNTS_WRITE, this::create),
        Endpoint.post(ALL + "/batch-refresh", Scope.ACCOUNTS_WRITE, this::batchRefresh),
        Endpoint.get(ONE, Scope.ACCOUNTS_READ, this::show),
        Endpoint.patch(ONE, Scope.ACCOUNTS_WRITE, this::change),
        Endpoint.delete(ONE, Scope.ACCOUNTS_WRITE, this::delete),
        Endpoint.post(ONE + "/refresh", Scope.ACCOUNTS_WRITE, this::refresh).withOptionalBody(),
        Endpoint.post(ONE + "/clear-error", Scope.ACCOUNTS_WRITE, this::clearError)
            .withOptionalBody());
  }

  private Future<Reply> list(Call call) {
    RequestFields query = call.query();
    Paging paging = Paging.of(query);
    Wanted wanted =
        new Wanted(
            query.text("platform", 100),
            query.text("pool", 100),
            query.oneOf("status", AccountStatus.class),
            query.flag("schedulable"),
            query.text("name", 200),
            query.time("refresh_token_expires_before"),
            query.oneOf("needs", Need.class));
    query.end();
    return admin
        .visible()
        .list(call.caller(), wanted, paging.fetch(), paging.afterId())
        .map(found -> paging.reply(found, this::json, view -> view.account().id()));
  }

  private Future<Reply> create(Call call) {
    return admin
        .creation()
        .create(
            call.withoutQuery().caller(),
            AccountRequests.create(call.fields()),
            Idempotency.key(call))
        .map(view -> shown(view).createdAt(ALL + "/" + view.account().id()));
  }

  private Future<Reply> show(Call call) {
    return admin.visible().view(call.withoutQuery().caller(), call.id()).map(this::shown);
  }

  private Future<Reply> change(Call call) {
    AccountChange change = AccountRequests.change(call.withoutQuery().fields());
    return admin
        .accounts()
        .change(call.caller(), call.id(), change, call.ifMatch())
        .map(this::shown);
  }

  private Future<Reply> delete(Call call) {
    return admin
        .accounts()
        .delete(call.withoutQuery().caller(), call.id(), call.ifMatch())
        .map(gone -> Reply.noContent());
  }

  private Future<Reply> refresh(Call call) {
    RequestFields query = call.withoutFields().query();
    boolean force = Boolean.TRUE.equals(query.flag("force"));
    query.end();
    return admin
        .accounts()
        .refresh(call.caller(), call.id(), force, call.trace().id())
        .map(this::shown);
  }

  private Future<Reply> clearError(Call call) {
    return admin
        .accounts()
        .clearError(call.withoutQuery().withoutFields().caller(), call.id())
        .map(this::shown);
  }

  private Future<Reply> batchRefresh(Call call) {
    RequestFields fields = call.withoutQuery().fields();
    Set<Long> ids = fields.ids("ids", MOST_AT_ONCE);
    if (fields.any("ids") == null) {
      fields.malformed("ids", "is required");
    }
    fields.end();
    return admin
        .batch()
        .refresh(call.caller(), ids, call.trace().id())
        .map(AccountEndpoints::results);
  }

  private static Reply results(List<BatchRefresh.Result> results) {
    JsonArray list = new JsonArray();
    int failed = 0;
    for (BatchRefresh.Result result : results) {
      failed += result.problem() == null ? 0 : 1;
      list.add(
          new JsonObject()
              .put("account", result.account())
              .put("outcome", result.problem() == null ? "succeeded" : "failed")
              .put(
                  "problem",
                  result.problem() == null ? null : ProblemJson.of(result.problem(), null)));
    }
    return Reply.json(
        new JsonObject()
            .put("total", results.size())
            .put("succeeded", results.size() - failed)
            .put("failed", failed)
            .put("results", list));
  }

  private Reply shown(AccountView view) {
    return Reply.json(json(view)).withRevision(view.account().revision());
  }

  private JsonObject json(AccountView view) {
    return AccountJson.of(view.account(), view.blockedBy(), time.instant());
  }
}
