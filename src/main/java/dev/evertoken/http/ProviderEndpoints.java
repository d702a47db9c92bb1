package dev.evertoken.http;

import dev.evertoken.app.ProviderAdmin;
import dev.evertoken.domain.Scope;
import dev.evertoken.wire.PlatformJson;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The platforms (contract, section 3). */
final class ProviderEndpoints {

  private static final String ALL = "/v1/providers";

  private final ProviderAdmin providers;

  ProviderEndpoints(ProviderAdmin providers) {
    this.providers = providers;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(ALL, Scope.ACCOUNTS_READ, this::list),
        Endpoint.get(ALL + "/{platform}", Scope.ACCOUNTS_READ, this::show));
  }

  private Future<Reply> list(Call call) {
    RequestFields query = call.query();
    Paging paging = Paging.byName(query);
    String after = Paging.afterName(query);
    query.end();
    List<ProviderAdmin.ProviderView> found = providers.list(call.caller(), paging.fetch(), after);
    return Future.succeededFuture(
        paging.replyByName(found, ProviderEndpoints::json, view -> view.platform().name()));
  }

  private Future<Reply> show(Call call) {
    return Future.succeededFuture(
        Reply.json(json(providers.find(call.withoutQuery().caller(), call.name()))));
  }

  private static JsonObject json(ProviderAdmin.ProviderView view) {
    return PlatformJson.of(view.platform(), view.closed());
  }
}
