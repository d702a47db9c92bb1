package dev.evertoken.app;

import dev.evertoken.app.AccountFile.ProxyEntry;
import dev.evertoken.app.ImportReport.ProxyOutcome;
import dev.evertoken.app.ImportReport.ProxyResult;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Proxy;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.ProxyStore.NewProxy;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the proxies of a file among those that are there, or creates them. */
final class ImportedProxies {

  private final ProxyStore store;
  private final ProxyAdmin proxies;

  ImportedProxies(ProxyStore store, ProxyAdmin proxies) {
    this.store = store;
    this.proxies = proxies;
  }

  /** What becomes of one. */
  Future<ProxyResult> take(Caller caller, ProxyEntry entry, boolean rehearsal) {
    NewProxy wanted = entry.proxy();
    if (wanted == null) {
      return Future.succeededFuture(new ProxyResult(ProxyOutcome.FAILED, null, entry.problem()));
    }
    return Future.succeededFuture(wanted)
        .compose(proxy -> same(caller, proxy))
        .compose(
            found ->
                found
                    .map(proxy -> done(ProxyOutcome.FOUND, proxy.id()))
                    .orElseGet(() -> missing(caller, entry, wanted, rehearsal)))
        .recover(ImportedProxies::refused);
  }

  /** A proxy is never changed by an import: other accounts may use it. */
  private Future<Optional<Proxy>> same(Caller caller, NewProxy wanted) {
    ProxyAdmin.unlimited(caller);
    return store
        .at(wanted.kind(), wanted.host(), wanted.port(), wanted.user())
        .map(found -> found.stream().filter(proxy -> samePassword(proxy, wanted)).findFirst());
  }

  /** An export without secrets says nothing about the password. */
  private static boolean samePassword(Proxy proxy, NewProxy wanted) {
    return wanted.password() == null || wanted.password().equals(proxy.password());
  }

  private Future<ProxyResult> missing(
      Caller caller, ProxyEntry entry, NewProxy wanted, boolean rehearsal) {
    return rehearsal
        ? Future.succeededFuture(new ProxyResult(ProxyOutcome.CREATED, null, null))
        : proxies
            .createOnce(caller, wanted)
            .compose(
                made ->
                    made.map(proxy -> created(caller, entry, proxy))
                        .orElseGet(() -> overtaken(caller, wanted)));
  }

  private Future<ProxyResult> created(Caller caller, ProxyEntry entry, Proxy made) {
    return (entry.disabled() ? disabled(caller, made) : Future.succeededFuture(made))
        .compose(proxy -> done(ProxyOutcome.CREATED, proxy.id()));
  }

  /** Another import has made it since it was looked for. */
  private Future<ProxyResult> overtaken(Caller caller, NewProxy wanted) {
    return same(caller, wanted)
        .compose(
            found ->
                found
                    .map(proxy -> done(ProxyOutcome.FOUND, proxy.id()))
                    .orElseGet(() -> Future.failedFuture(changing())));
  }

  private static RuntimeException changing() {
    return Problem.of(ProblemCode.CONFLICT, "The proxy is being changed; try again.").exception();
  }

  private Future<Proxy> disabled(Caller caller, Proxy proxy) {
    return proxies.change(
        caller, proxy.id(), null, null, Boolean.TRUE, OptionalLong.of(proxy.revision()));
  }

  private static Future<ProxyResult> done(ProxyOutcome outcome, long id) {
    return Future.succeededFuture(new ProxyResult(outcome, id, null));
  }

  private static Future<ProxyResult> refused(Throwable failure) {
    return failure instanceof ProblemException expected
        ? Future.succeededFuture(new ProxyResult(ProxyOutcome.FAILED, null, expected.problem()))
        : Future.failedFuture(failure);
  }
}
