package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Pool;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.port.Audit;
import dev.evertoken.port.PoolStore;
import dev.evertoken.port.PoolStore.Members;
import dev.evertoken.port.PoolStore.Whose;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The pools, for operators; a limited key sees its own pools and the pools of its own accounts. */
public final class PoolAdmin {

  private final PoolStore store;
  private final PoolBook book;
  private final Platforms platforms;
  private final Announcements announcements;
  private final Audit audit;

  PoolAdmin(
      PoolStore store,
      PoolBook book,
      Platforms platforms,
      Announcements announcements,
      Audit audit) {
    this.store = store;
    this.book = book;
    this.platforms = platforms;
    this.announcements = announcements;
    this.audit = audit;
  }

  /**
   * A pool with who is in it.
   *
   * @param maxSwitches its own, else the node's
   */
  public record PoolView(Pool pool, int maxSwitches, Members members) {}

  /** By name, after the cursor. */
  public Future<List<PoolView>> list(Caller caller, int limit, String afterName) {
    return book.reconcile()
        .compose(read -> store.list(whose(caller), limit, afterName))
        .map(found -> found.stream().map(this::view).toList());
  }

  /** The pool; fails with {@code not_found} where it has no accounts and nobody has set it. */
  public Future<PoolView> find(Caller caller, String name) {
    return book.reconcile()
        .compose(read -> store.members(name, whose(caller)))
        .compose(
            members ->
                there(caller, members)
                    ? Future.succeededFuture(view(members))
                    : Future.failedFuture(missing()));
  }

  /** Sets how it is picked from, also before it has accounts. */
  public Future<PoolView> save(Caller caller, Pool wanted, OptionalLong ifRevision) {
    if (caller.limited() && !caller.pools().contains(wanted.name())) {
      return find(caller, wanted.name()).compose(seen -> Future.failedFuture(notYours()));
    }
    return store
        .save(wanted, ifRevision)
        .onSuccess(saved -> tell(caller, saved))
        .compose(saved -> store.members(saved.name(), whose(caller)))
        .map(this::view);
  }

  /**
   * Deletes its settings, so that it is picked from as every pool is. Accounts keep the pool they
   * name, and while they do, or it is a platform's own, the pool is still there.
   */
  public Future<Void> remove(Caller caller, String name, OptionalLong ifRevision) {
    Future<PoolView> seen = find(caller, name);
    if (caller.limited() && !caller.pools().contains(name)) {
      return seen.compose(found -> Future.failedFuture(notYours()));
    }
    return seen.compose(found -> store.remove(name, ifRevision))
        .onSuccess(
            gone -> {
              book.forget(name);
              announcements.pool(name);
              audit.changed(caller, "pool.deleted", null, Map.of("pool", name));
            });
  }

  private void tell(Caller caller, Pool saved) {
    book.learn(List.of(saved));
    announcements.pool(saved.name());
    audit.changed(
        caller,
        "pool.changed",
        null,
        Map.of("pool", saved.name(), "strategy", saved.strategy().name()));
  }

  private boolean there(Caller caller, Members members) {
    String name = members.pool();
    boolean seen = !members.byState().isEmpty();
    return caller.limited()
        ? caller.pools().contains(name) || (seen && !caller.accounts().isEmpty())
        : seen || book.stored(name) || platforms.find(name).isPresent();
  }

  /** Of a limited key its pools; else every platform's, and those that are set but empty. */
  private Whose whose(Caller caller) {
    Set<String> names = new HashSet<>(caller.pools());
    if (!caller.limited()) {
      names.addAll(platforms.byName().keySet());
      names.addAll(book.names());
    }
    return new Whose(names, caller.pools(), caller.accounts());
  }

  private PoolView view(Members members) {
    Pool pool = book.of(members.pool());
    return new PoolView(pool, book.maxSwitches(pool), members);
  }

  private static RuntimeException missing() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such pool.").exception();
  }

  private static RuntimeException notYours() {
    return Problem.of(
            ProblemCode.FORBIDDEN, "This API key sees accounts of the pool; it is not its own.")
        .exception();
  }
}
