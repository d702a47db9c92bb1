package dev.evertoken.app;

import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.port.Audit;
import dev.evertoken.port.KeyStore;
import dev.evertoken.port.KeyStore.Created;
import dev.evertoken.port.KeyStore.NewKey;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** The API keys, for administrators whose key is not limited to some accounts. */
public final class KeyAdmin {

  private final KeyStore keys;
  private final CallerAuthentication callers;
  private final Audit audit;

  KeyAdmin(KeyStore keys, CallerAuthentication callers, Audit audit) {
    this.keys = keys;
    this.callers = callers;
    this.audit = audit;
  }

  public Future<Created> create(Caller caller, NewKey key) {
    unlimited(caller);
    return keys.create(key)
        .onSuccess(created -> audit(caller, "key.created", created.key().id(), key.name()));
  }

  public Future<List<ApiKey>> list(Caller caller, int limit, long afterId) {
    unlimited(caller);
    return keys.list(limit, afterId);
  }

  /** Deletes the key: it stops working on this node at once, on the others within 5 s. */
  public Future<Void> delete(Caller caller, long id) {
    unlimited(caller);
    return keys.delete(id)
        .onSuccess(gone -> callers.forget(id))
        .compose(gone -> gone ? Future.succeededFuture() : Future.failedFuture(missing()))
        .onSuccess(gone -> audit(caller, "key.deleted", id, ""))
        .mapEmpty();
  }

  private void audit(Caller caller, String action, long id, String name) {
    audit.changed(caller, action, null, Map.of("key", Long.toString(id), "name", name));
  }

  private static void unlimited(Caller caller) {
    if (caller.limited()) {
      throw Problem.of(
              ProblemCode.FORBIDDEN, "Keys are closed to a key limited to pools and accounts.")
          .exception();
    }
  }

  private static RuntimeException missing() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such key.").exception();
  }
}
