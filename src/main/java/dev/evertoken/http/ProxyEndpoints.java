package dev.evertoken.http;

import dev.evertoken.app.ProxyAdmin;
import dev.evertoken.app.ProxyTests;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.WireName;
import dev.evertoken.wire.ProxyTestJson;
import dev.evertoken.wire.RequestFields;
import dev.evertoken.wire.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** The proxies (contract, section 3). */
final class ProxyEndpoints {

  private static final String ALL = "/v1/proxies";
  private static final String ONE = ALL + "/{id}";

  private final ProxyAdmin proxies;
  private final ProxyTests tests;
  private final Supplier<? extends Collection<Suspension>> suspensions;

  ProxyEndpoints(
      ProxyAdmin proxies,
      ProxyTests tests,
      Supplier<? extends Collection<Suspension>> suspensions) {
    this.proxies = proxies;
    this.tests = tests;
    this.suspensions = suspensions;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(ALL, Scope.ACCOUNTS_READ, this::list),
        Endpoint.post(ALL, Scope.ACCOUNTS_WRITE, this::create),
        Endpoint.get(ONE, Scope.ACCOUNTS_READ, this::show),
        Endpoint.patch(ONE, Scope.ACCOUNTS_WRITE, this::change),
        Endpoint.delete(ONE, Scope.ACCOUNTS_WRITE, this::delete),
        Endpoint.post(ONE + "/test", Scope.ACCOUNTS_WRITE, this::test).withOptionalBody());
  }

  private Future<Reply> list(Call call) {
    RequestFields query = call.query();
    Paging paging = Paging.of(query);
    query.end();
    return proxies
        .list(call.caller(), paging.fetch(), paging.afterId())
        .map(found -> paging.reply(found, this::json, Proxy::id));
  }

  private Future<Reply> create(Call call) {
    return proxies
        .create(call.withoutQuery().caller(), ProxyRequests.create(call.fields()))
        .map(proxy -> shown(proxy).createdAt(ALL + "/" + proxy.id()));
  }

  private Future<Reply> show(Call call) {
    return proxies.find(call.withoutQuery().caller(), call.id()).map(this::shown);
  }

  private Future<Reply> change(Call call) {
    ProxyRequests.Change change = ProxyRequests.change(call.withoutQuery().fields());
    return proxies
        .change(
            call.caller(),
            call.id(),
            change.name(),
            change.address(),
            change.disabled(),
            call.ifMatch())
        .map(this::shown);
  }

  private Future<Reply> delete(Call call) {
    RequestFields query = call.query();
    boolean force = Boolean.TRUE.equals(query.flag("force"));
    query.end();
    return proxies
        .delete(call.caller(), call.id(), force, call.ifMatch())
        .map(gone -> Reply.noContent());
  }

  private Future<Reply> test(Call call) {
    return tests
        .test(call.withoutQuery().withoutFields().caller(), call.id())
        .map(reached -> Reply.json(ProxyTestJson.of(reached)));
  }

  private Reply shown(Proxy proxy) {
    return Reply.json(json(proxy)).withRevision(proxy.revision());
  }

  private JsonObject json(Proxy proxy) {
    return new JsonObject()
        .put("id", proxy.id())
        .put("name", proxy.name())
        .put("url", url(proxy))
        .put("password_set", proxy.password() != null)
        .put("disabled", proxy.disabled())
        .put("state", state(proxy))
        .put("created_at", Times.text(proxy.createdAt()))
        .put("updated_at", Times.text(proxy.updatedAt()));
  }

  /** Without the password; the user shows whose proxy it is. */
  private static String url(Proxy proxy) {
    return ProxyUrl.of(WireName.of(proxy.kind()), proxy.user(), null, proxy.host(), proxy.port());
  }

  private String state(Proxy proxy) {
    if (proxy.disabled()) {
      return "disabled";
    }
    boolean suspended =
        suspensions.get().stream()
            .anyMatch(
                suspension ->
                    suspension.kind() == Suspension.Kind.PROXY
                        && Long.valueOf(proxy.id()).equals(suspension.proxyId()));
    return suspended ? "suspended" : "up";
  }
}
