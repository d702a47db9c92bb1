package dev.evertoken.app;

import dev.evertoken.app.VisibleAccounts.Wanted;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Scope;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.AccountStore.Whole;
import dev.evertoken.port.Audit;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Gives accounts out, page by page, to callers whose key is not limited to some of them. */
public final class AccountExport {

  private final AccountStore store;
  private final Audit audit;

  AccountExport(AccountStore store, Audit audit) {
    this.store = store;
    this.audit = audit;
  }

  /**
   * Whether the caller may have it; with secrets it is written down before the first one leaves.
   */
  public void begin(Caller caller, boolean secrets) {
    if (caller.limited()) {
      throw refused("The export is closed to a key limited to pools and accounts.");
    }
    if (secrets && !caller.has(Scope.ADMIN)) {
      throw refused("An export with secrets needs the scope admin.");
    }
    audit.changed(caller, "accounts.exported", null, Map.of("secrets", Boolean.toString(secrets)));
  }

  /** Those wanted, by id, after the cursor; {@link #begin} comes first. */
  public Future<List<Whole>> page(Wanted wanted, int limit, long afterId) {
    return store.listWhole(wanted.filter(), limit, afterId);
  }

  private static RuntimeException refused(String detail) {
    return Problem.of(ProblemCode.FORBIDDEN, detail).exception();
  }
}
