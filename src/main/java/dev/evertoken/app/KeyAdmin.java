package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.port.Audit;
import dev.evertoken.port.KeyStore;
import dev.evertoken.port.KeyStore.Created;
import dev.evertoken.port.KeyStore.NewKey;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The API keys, for administrators whose key is not limited to some accounts. */
public final class KeyAdmin {

  private final KeyStore keys;
  private final CallerAuthentication callers;
  private final Announcements announcements;
  private final Audit audit;

  KeyAdmin(KeyStore keys, CallerAuthentication callers, Announcements announcements, Audit audit) {
    this.keys = keys;
    this.callers = callers;
    this.announcements = announcements;
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

  /** The key, without its secret; fails with {@code not_found}. */
  public Future<ApiKey> find(Caller caller, long id) {
    unlimited(caller);
    return keys.find(id)
        .compose(
            found ->
                found.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(missing())));
  }

  /**
   * Deletes the key: it stops working on this node at once, on the others with the notice of it,
   * and without one within 5 s.
   */
  public Future<Void> delete(Caller caller, long id, OptionalLong ifRevision) {
    return find(caller, id)
        .compose(key -> delete(key, ifRevision))
        .onSuccess(key -> audit(caller, "key.deleted", id, key.name()))
        .mapEmpty();
  }

  /** Takes in a notice: a key that was deleted on another node ends here too. */
  void heard(Notice notice) {
    Long key = notice.key();
    if (notice.type() == Notice.Type.KEY_DELETED && key != null) {
      callers.forget(key);
    }
  }

  /** A key never changes, so nobody can come between the comparison and the deletion. */
  private Future<ApiKey> delete(ApiKey key, OptionalLong ifRevision) {
    if (ifRevision.isPresent() && ifRevision.getAsLong() != key.revision()) {
      throw Problem.of(ProblemCode.PRECONDITION_FAILED, "The key is of another revision.")
          .exception();
    }
    return keys.delete(key.id())
        .onSuccess(gone -> callers.forget(key.id()))
        .onSuccess(gone -> announcements.keyDeleted(key.id()))
        .compose(gone -> gone ? Future.succeededFuture(key) : Future.failedFuture(missing()));
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
