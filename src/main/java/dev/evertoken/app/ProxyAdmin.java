package dev.evertoken.app;

import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Suspension.Kind;
import dev.evertoken.port.Audit;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.ProxyStore.NewProxy;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The proxies, for operators whose key is not limited to some accounts. */
public final class ProxyAdmin {

  private final ProxyStore proxies;
  private final UpstreamHealth routes;
  private final Audit audit;

  ProxyAdmin(ProxyStore proxies, UpstreamHealth routes, Audit audit) {
    this.proxies = proxies;
    this.routes = routes;
    this.audit = audit;
  }

  public Future<Proxy> create(Caller caller, NewProxy proxy) {
    unlimited(caller);
    return proxies
        .create(proxy)
        .onSuccess(created -> audit(caller, "proxy.created", created.id(), created.name()));
  }

  /** Creates it unless somebody does at the same moment; empty then. */
  Future<Optional<Proxy>> createOnce(Caller caller, NewProxy proxy) {
    unlimited(caller);
    return proxies
        .createOnce(proxy)
        .onSuccess(
            made -> made.ifPresent(one -> audit(caller, "proxy.created", one.id(), one.name())));
  }

  /** The proxy; fails with {@code not_found}. */
  public Future<Proxy> find(Caller caller, long id) {
    unlimited(caller);
    return proxies
        .find(id)
        .compose(
            found ->
                found.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(missing())));
  }

  public Future<List<Proxy>> list(Caller caller, int limit, long afterId) {
    unlimited(caller);
    return proxies.list(limit, afterId);
  }

  /**
   * Merges a change into the proxy.
   *
   * @param name null: as it is
   * @param address where it is and who may use it (its name is ignored); null: as it is
   * @param disabled null: as it is
   */
  public Future<Proxy> change(
      Caller caller,
      long id,
      @Nullable String name,
      @Nullable NewProxy address,
      @Nullable Boolean disabled,
      OptionalLong ifRevision) {
    return find(caller, id)
        .compose(
            before ->
                proxies
                    .change(
                        id,
                        merged(before, name, address),
                        disabled == null ? before.disabled() : disabled,
                        ifRevision.isPresent() ? ifRevision : OptionalLong.of(before.revision()))
                    .onSuccess(after -> audit(caller, "proxy.changed", id, after.name()))
                    .compose(after -> settle(before, after, address != null)));
  }

  /** The answer waits for this node to know of it; where that fails, it learns it in seconds. */
  private Future<Proxy> settle(Proxy before, Proxy after, boolean moved) {
    Future<Void> known =
        before.disabled() == after.disabled()
            ? Future.succeededFuture()
            : routes.closedByHand(after.id(), Kind.PROXY_DISABLED, after.disabled());
    return known
        .compose(done -> moved ? routes.mended(after.id()) : Future.succeededFuture())
        .otherwiseEmpty()
        .map(after);
  }

  /** Deletes the proxy; forced, the accounts that use it are refused from then on (law 10). */
  public Future<Void> delete(Caller caller, long id, boolean force, OptionalLong ifRevision) {
    return find(caller, id)
        .compose(proxy -> proxies.delete(id, force, ifRevision).map(proxy))
        .onSuccess(proxy -> audit(caller, "proxy.deleted", id, proxy.name()))
        .compose(proxy -> routes.deleted(id).otherwiseEmpty());
  }

  private static NewProxy merged(Proxy before, @Nullable String name, @Nullable NewProxy address) {
    String label = name == null ? before.name() : name;
    return address == null
        ? new NewProxy(
            label, before.kind(), before.host(), before.port(), before.user(), before.password())
        : new NewProxy(
            label,
            address.kind(),
            address.host(),
            address.port(),
            address.user(),
            address.password());
  }

  private void audit(Caller caller, String action, long id, String name) {
    audit.changed(caller, action, null, Map.of("proxy", Long.toString(id), "name", name));
  }

  static void unlimited(Caller caller) {
    if (caller.limited()) {
      throw Problem.of(
              ProblemCode.FORBIDDEN, "Proxies are closed to a key limited to pools and accounts.")
          .exception();
    }
  }

  private static RuntimeException missing() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such proxy.").exception();
  }
}
