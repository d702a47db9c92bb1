package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.AccountStore.Ends;
import dev.evertoken.port.AccountStore.IdempotencyKey;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.port.Audit;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Takes accounts in. */
public final class AccountCreation {

  private final AccountStore store;
  private final AccountRules rules;
  private final VisibleAccounts visible;
  private final Announcements announcements;
  private final Audit audit;

  AccountCreation(
      AccountStore store,
      AccountRules rules,
      VisibleAccounts visible,
      Announcements announcements,
      Audit audit) {
    this.store = store;
    this.rules = rules;
    this.visible = visible;
    this.announcements = announcements;
    this.audit = audit;
  }

  /** Creates the account; fails with {@code invalid}, {@code conflict} or {@code forbidden}. */
  public Future<AccountView> create(
      Caller caller, NewAccount wanted, @Nullable IdempotencyKey idempotencyKey) {
    NewAccount account = checked(caller, wanted);
    return rules
        .proxy(caller, account.proxyId())
        .compose(proxy -> store.create(account, idempotencyKey))
        .onSuccess(created -> tell(caller, created))
        .map(visible::view)
        .recover(failure -> visible.hideHolder(caller, failure));
  }

  /** Fails where {@link #create} would, but for a refresh token that is not free. */
  Future<Void> rehearse(Caller caller, NewAccount wanted) {
    return rules.proxy(caller, checked(caller, wanted).proxyId());
  }

  private NewAccount checked(Caller caller, NewAccount given) {
    Platform platform = rules.platform(given.platform());
    List<String> pools = rules.pools(given.platform(), given.pools());
    AccountRules.stayInside(caller, List.of(), pools);
    AccountRules.staySeen(caller, given.platform(), pools, null);
    AccountRules.fit(
        given.type(),
        given.refreshToken() != null
            || given.accessToken() != null
            || given.expiresAt() != null
            || given.refreshExpiresAt() != null,
        given.apiKey() != null);
    boolean token = given.refreshToken() != null;
    Ends ends = rules.ends(platform);
    return new NewAccount(
        given.name(),
        given.platform(),
        given.type(),
        given.refreshToken(),
        given.accessToken(),
        given.apiKey(),
        given.expiresAt(),
        dueAt(platform, given),
        given.projectId(),
        given.email(),
        given.proxyId(),
        given.priority(),
        pools,
        given.paused(),
        given.rules(),
        token ? earlier(given.refreshExpiresAt(), ends.expiresAt()) : null,
        token ? ends.idleAt() : null);
  }

  /** Its id, which the jitter comes from, is not known yet; any number spreads as well. */
  private @Nullable Instant dueAt(Platform platform, NewAccount given) {
    Instant expiresAt = given.expiresAt();
    return expiresAt == null || given.accessToken() == null
        ? null
        : rules.dueAt(platform, expiresAt, null, ThreadLocalRandom.current().nextLong());
  }

  private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }

  private void tell(Caller caller, Account created) {
    announcements.changed(created, Notice.Type.CHANGED, null, "created");
    audit.changed(
        caller,
        "account.created",
        created.id(),
        Map.of("platform", created.platform(), "name", created.name()));
  }
}
