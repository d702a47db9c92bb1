package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.app.refresh.RefreshOutcome;
import dev.evertoken.app.refresh.Refresher;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Deleted;
import dev.evertoken.port.Audit;
import io.vertx.core.Future;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What an operator does to an account that is there. */
public final class AccountAdmin {

  private final AccountStore store;
  private final AccountRules rules;
  private final VisibleAccounts visible;
  private final Refresher refresher;
  private final Revocation revocation;
  private final Announcements announcements;
  private final Audit audit;

  AccountAdmin(
      AccountStore store,
      AccountRules rules,
      VisibleAccounts visible,
      Refresher refresher,
      Revocation revocation,
      Announcements announcements,
      Audit audit) {
    this.store = store;
    this.rules = rules;
    this.visible = visible;
    this.refresher = refresher;
    this.revocation = revocation;
    this.announcements = announcements;
    this.audit = audit;
  }

  /** Merges the change into the account. */
  public Future<AccountView> change(
      Caller caller, long id, AccountChange change, OptionalLong ifRevision) {
    return visible
        .find(caller, id)
        .compose(before -> change(caller, before, change, ifRevision))
        .map(visible::view);
  }

  private Future<Account> change(
      Caller caller, Account before, AccountChange given, OptionalLong ifRevision) {
    AccountChange change = AccountEdit.checked(rules, caller, before, given);
    Long proxy = change.proxyId() == null ? null : change.proxyId().value();
    return rules
        .proxy(caller, proxy)
        .compose(
            there ->
                store.change(before.id(), change, AccountEdit.guard(change, before, ifRevision)))
        .recover(failure -> visible.hideHolder(caller, failure))
        .onSuccess(after -> changed(caller, before, after, given));
  }

  /** Fails where {@link #change} would, but for what others do meanwhile. */
  Future<Void> rehearse(Caller caller, Account before, AccountChange given) {
    AccountChange change = AccountEdit.checked(rules, caller, before, given);
    return rules.proxy(caller, change.proxyId() == null ? null : change.proxyId().value());
  }

  /** Deletes the account; its refresh token is revoked upstream behind the caller's back. */
  public Future<Void> delete(Caller caller, long id, OptionalLong ifRevision) {
    return visible
        .find(caller, id)
        .compose(account -> store.delete(id, ifRevision))
        .onSuccess(deleted -> deleted(caller, deleted))
        .mapEmpty();
  }

  /**
   * Refreshes the account now, by the one way of every refresh; answers the row after it.
   *
   * @param force presents even a refresh token that may be spent
   * @param traceId names the caller's request in the log
   */
  public Future<AccountView> refresh(
      Caller caller, long id, boolean force, @Nullable String traceId) {
    return visible
        .find(caller, id)
        .compose(account -> refresh(caller, account, force, traceId))
        .map(visible::view);
  }

  /** Ends {@code error}: the account is usable again on every node. */
  public Future<AccountView> clearError(Caller caller, long id) {
    return visible
        .find(caller, id)
        .compose(account -> store.clearError(id))
        .onSuccess(after -> recovered(caller, after))
        .map(visible::view);
  }

  private Future<Account> refresh(
      Caller caller, Account account, boolean force, @Nullable String traceId) {
    if (account.type() == AccountType.UPSTREAM) {
      throw about(account, ProblemCode.INVALID, "A static key is not refreshed.");
    }
    if (account.status() == AccountStatus.DISABLED) {
      throw about(account, ProblemCode.ACCOUNT_DISABLED, "The account is disabled.");
    }
    audit.changed(
        caller, "account.refresh", account.id(), force ? Map.of("force", "true") : Map.of());
    Future<RefreshOutcome> refreshed =
        force
            ? refresher.forced(account, traceId)
            : refresher.refresh(account, Trigger.OPERATOR, traceId);
    return refreshed.compose(
        outcome ->
            switch (outcome) {
              case RefreshOutcome.Refreshed(Account after) -> Future.succeededFuture(after);
              case RefreshOutcome.Failed failed ->
                  Future.failedFuture(failed.problem().exception());
            });
  }

  private void changed(Caller caller, Account before, Account after, AccountChange change) {
    boolean recovered =
        before.status() == AccountStatus.ERROR && after.status() == AccountStatus.ACTIVE;
    String fields = String.join(",", AccountEdit.fields(change));
    String reason = recovered ? "authorised again: " + fields : "an operator set " + fields;
    announcements.changed(
        after, recovered ? Notice.Type.RECOVERED : Notice.Type.CHANGED, null, reason);
    audit.changed(
        caller,
        recovered ? "account.reauthorized" : "account.changed",
        after.id(),
        Map.of("fields", fields, "reason", reason));
  }

  private void deleted(Caller caller, Deleted deleted) {
    announcements.deleted(deleted.account());
    audit.changed(caller, "account.deleted", deleted.account().id(), Map.of());
    revocation.revoke(deleted);
  }

  private void recovered(Caller caller, Account after) {
    announcements.changed(after, Notice.Type.RECOVERED, null, "an operator cleared the error");
    audit.changed(caller, "account.error_cleared", after.id(), Map.of("reason", "by an operator"));
  }

  private static RuntimeException about(Account account, ProblemCode code, String detail) {
    return Problem.of(code, detail).about(account).exception();
  }
}
