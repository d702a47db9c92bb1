package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Caller;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Field;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A change of one account, looked at before it is made. */
final class AccountEdit {

  private AccountEdit() {}

  /** The change as it goes to the store; fails where the account cannot be so. */
  static AccountChange checked(
      AccountRules rules, Caller caller, Account before, AccountChange given) {
    List<String> pools =
        given.pools() == null ? null : rules.pools(before.platform(), given.pools());
    if (pools != null) {
      AccountRules.stayInside(caller, before.pools(), pools);
      AccountRules.staySeen(caller, before.platform(), pools, before);
    }
    AccountRules.fit(
        before.type(),
        sets(given.refreshToken())
            || sets(given.accessToken())
            || sets(given.expiresAt())
            || sets(given.refreshExpiresAt()),
        sets(given.apiKey()));
    if (before.status() == AccountStatus.ERROR && given.status() == AccountStatus.ACTIVE) {
      throw AccountRules.invalid("/status", "An error is ended by clear-error or new credentials.");
    }
    return new AccountChange(
        given.name(),
        given.status(),
        given.paused(),
        given.priority(),
        pools,
        given.proxyId(),
        given.projectId(),
        given.email(),
        given.refreshToken(),
        given.accessToken(),
        given.apiKey(),
        expiry(given),
        dueAt(rules, before, given),
        given.rules(),
        given.refreshExpiresAt(),
        sets(given.refreshToken())
            ? rules.known(before.platform()).map(rules::ends).orElse(null)
            : null);
  }

  /** A change that was judged by the status is made on that revision only. */
  static OptionalLong guard(AccountChange change, Account before, OptionalLong ifRevision) {
    return ifRevision.isEmpty() && change.status() == AccountStatus.ACTIVE
        ? OptionalLong.of(before.revision())
        : ifRevision;
  }

  /** The names of the fields that the change gives, for the audit. */
  static List<String> fields(AccountChange change) {
    List<String> names = new ArrayList<>();
    add(names, "name", change.name());
    add(names, "status", change.status());
    add(names, "paused", change.paused());
    add(names, "priority", change.priority());
    add(names, "pools", change.pools());
    add(names, "proxy_id", change.proxyId());
    add(names, "project_id", change.projectId());
    add(names, "email", change.email());
    add(names, "refresh_token", change.refreshToken());
    add(names, "access_token", change.accessToken());
    add(names, "api_key", change.apiKey());
    add(names, "expires_at", change.expiresAt());
    add(names, "refresh_token_expires_at", change.refreshExpiresAt());
    add(names, "rules", change.rules());
    return names;
  }

  private static void add(List<String> names, String name, @Nullable Object given) {
    if (given != null) {
      names.add(name);
    }
  }

  private static boolean sets(@Nullable Field<?> field) {
    return field != null && field.value() != null;
  }

  /** The expiry of the token before says nothing about the one that comes. */
  private static @Nullable Field<Instant> expiry(AccountChange given) {
    return given.expiresAt() == null && given.accessToken() != null
        ? new Field<>(null)
        : given.expiresAt();
  }

  private static @Nullable Instant dueAt(AccountRules rules, Account before, AccountChange given) {
    Field<Instant> expiresAt = given.expiresAt();
    Instant end = expiresAt == null ? null : expiresAt.value();
    return end == null
        ? null
        : rules
            .known(before.platform())
            .map(known -> rules.dueAt(known, end, before.credentials().lifetime(), before.id()))
            .orElse(null);
  }
}
