package dev.evertoken.http;

import dev.evertoken.app.KeyRewrap;
import dev.evertoken.domain.Scope;
import dev.evertoken.port.Nodes;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The keys that seal what is stored: who has them, and what is not under the primary one yet. */
final class KeysetEndpoints {

  private static final String KEYSET = "/v1/keyset";

  private final KeyRewrap rewrap;

  KeysetEndpoints(KeyRewrap rewrap) {
    this.rewrap = rewrap;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(KEYSET, Scope.ADMIN, this::show),
        Endpoint.post(KEYSET + "/rewrap", Scope.ADMIN, this::rewrap).withOptionalBody());
  }

  private Future<Reply> show(Call call) {
    return rewrap
        .overview(call.withoutQuery().caller())
        .map(KeysetEndpoints::json)
        .map(Reply::json);
  }

  private Future<Reply> rewrap(Call call) {
    RequestFields query = call.withoutFields().query();
    Paging paging = Paging.of(query);
    query.end();
    return rewrap
        .page(call.caller(), paging.afterId(), paging.limit())
        .map(KeysetEndpoints::json)
        .map(Reply::json);
  }

  private static JsonObject json(KeyRewrap.Page page) {
    return new JsonObject()
        .put("primary_key", page.primaryKey())
        .put(
            "resealed",
            new JsonObject().put("postgres", page.rows().done()).put("redis", page.cached()))
        .put("left", page.rows().left())
        .put("next_cursor", page.next() == null ? null : Long.toString(page.next()));
  }

  private static JsonObject json(KeyRewrap.Overview overview) {
    JsonArray nodes = new JsonArray();
    overview.nodes().forEach(keys -> nodes.add(json(keys)));
    return new JsonObject()
        .put("primary_key", overview.primaryKey())
        .put("known_keys", new JsonArray(overview.knownKeys()))
        .put("nodes", nodes);
  }

  private static JsonObject json(Nodes.Keys keys) {
    return new JsonObject()
        .put("id", keys.node())
        .put("primary_key", keys.primaryKey())
        .put("known_keys", new JsonArray(keys.knownKeys()))
        .put("escrow_left", keys.escrowLeft());
  }
}
