package dev.evertoken.http;

import dev.evertoken.app.PoolAdmin;
import dev.evertoken.app.PoolAdmin.PoolView;
import dev.evertoken.domain.Pool;
import dev.evertoken.domain.PoolStrategy;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.WireName;
import dev.evertoken.wire.RequestFields;
import dev.evertoken.wire.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The pools (contract, section 3). */
final class PoolEndpoints {

  private static final String ALL = "/v1/pools";
  private static final String ONE = ALL + "/{name}";
  private static final int MOST_SWITCHES = 100;
  private static final List<String> STATES =
      List.of("usable", "benched", "suspended", "paused", "error", "disabled");

  private final PoolAdmin pools;

  PoolEndpoints(PoolAdmin pools) {
    this.pools = pools;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(ALL, Scope.ACCOUNTS_READ, this::list),
        Endpoint.get(ONE, Scope.ACCOUNTS_READ, this::show),
        Endpoint.put(ONE, Scope.ACCOUNTS_WRITE, this::save),
        Endpoint.delete(ONE, Scope.ACCOUNTS_WRITE, this::remove));
  }

  private Future<Reply> list(Call call) {
    RequestFields query = call.query();
    Paging paging = Paging.byName(query);
    String after = Paging.afterName(query);
    query.end();
    return pools
        .list(call.caller(), paging.fetch(), after)
        .map(found -> paging.replyByName(found, PoolEndpoints::json, view -> view.pool().name()));
  }

  private Future<Reply> show(Call call) {
    return pools.find(call.withoutQuery().caller(), call.name()).map(PoolEndpoints::shown);
  }

  private Future<Reply> save(Call call) {
    RequestFields fields = call.withoutQuery().fields();
    PoolStrategy strategy = fields.oneOf("strategy", PoolStrategy.class);
    Long switches = fields.whole("max_switches", 0, MOST_SWITCHES);
    fields.end();
    if (!AccountRequests.poolName(call.name())) {
      throw Problem.of(
              ProblemCode.INVALID, "A pool's name is up to 64 of a-z, 0-9, '.', '_' and '-'.")
          .exception();
    }
    Pool wanted =
        new Pool(
            call.name(),
            strategy == null ? PoolStrategy.PRIORITY : strategy,
            switches == null ? OptionalInt.empty() : OptionalInt.of(switches.intValue()),
            Pool.UNSTORED);
    return pools.save(call.caller(), wanted, call.ifMatch()).map(PoolEndpoints::shown);
  }

  private Future<Reply> remove(Call call) {
    return pools
        .remove(call.withoutQuery().caller(), call.name(), call.ifMatch())
        .map(gone -> Reply.noContent());
  }

  private static Reply shown(PoolView view) {
    return Reply.json(json(view)).withRevision(view.pool().revision());
  }

  private static JsonObject json(PoolView view) {
    Map<String, Long> byState = view.members().byState();
    JsonObject counts =
        new JsonObject().put("total", byState.values().stream().mapToLong(n -> n).sum());
    STATES.forEach(state -> counts.put(state, byState.getOrDefault(state, 0L)));
    return new JsonObject()
        .put("name", view.pool().name())
        .put("strategy", WireName.of(view.pool().strategy()))
        .put("max_switches", view.maxSwitches())
        .put("counts", counts)
        .put("next_recovery_at", Times.text(view.members().nextRecovery()));
  }
}
