package dev.evertoken.app;

import dev.evertoken.app.AccountFile.Wanted;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Field;
import dev.evertoken.port.AccountStore.NewAccount;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes an account that is there like the one in a file. */
final class ImportedChange {

  private ImportedChange() {}

  /**
   * Only what the file gives and what differs. The refresh token is the same, or the account would
   * not be the one; an access token is taken only if it lives longer (law 5): the file is older
   * than what happened since.
   */
  static AccountChange of(Account now, Wanted wanted, NewAccount account) {
    Set<String> given = wanted.given();
    boolean token = livesLonger(now.credentials(), account);
    return new AccountChange(
        account.name().equals(now.name()) ? null : account.name(),
        status(now.status(), wanted.status()),
        given.contains("paused") ? changed(account.paused(), now.paused()) : null,
        given.contains("priority") ? changed(account.priority(), now.priority()) : null,
        given.contains("pools") && !samePools(account, now) ? account.pools() : null,
        another(account.proxyId(), now.proxyId()),
        another(account.projectId(), now.projectId()),
        another(account.email(), now.email()),
        null,
        token ? new Field<>(account.accessToken()) : null,
        null,
        token ? new Field<>(account.expiresAt()) : null,
        null,
        given.contains("rules") ? changed(account.rules(), now.rules()) : null,
        now.credentials().refresh().expiresAt() == null
            ? another(account.refreshExpiresAt(), null)
            : null,
        null);
  }

  /** The account as it is created before it is disabled. */
  static NewAccount paused(NewAccount account) {
    return with(account, account.proxyId(), true);
  }

  static AccountChange disabled(boolean paused) {
    return new AccountChange(
        null,
        AccountStatus.DISABLED,
        paused,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The account through that proxy. */
  static NewAccount through(NewAccount account, @Nullable Long proxyId) {
    return with(account, proxyId, account.paused());
  }

  private static NewAccount with(NewAccount account, @Nullable Long proxyId, boolean paused) {
    return new NewAccount(
        account.name(),
        account.platform(),
        account.type(),
        account.refreshToken(),
        account.accessToken(),
        account.apiKey(),
        account.expiresAt(),
        account.refreshDueAt(),
        account.projectId(),
        account.email(),
        proxyId,
        account.priority(),
        account.pools(),
        paused,
        account.rules(),
        account.refreshExpiresAt(),
        account.refreshIdleAt());
  }

  /** An {@code error} is not ended by a file that knows nothing new. */
  private static @Nullable AccountStatus status(AccountStatus now, @Nullable AccountStatus wanted) {
    return wanted == null || wanted == now || now == AccountStatus.ERROR ? null : wanted;
  }

  private static boolean samePools(NewAccount account, Account now) {
    Set<String> own = Set.of(now.platform());
    return account.pools().stream()
        .filter(pool -> !own.contains(pool))
        .distinct()
        .toList()
        .equals(now.pools());
  }

  private static <T> @Nullable T changed(T given, T now) {
    return given.equals(now) ? null : given;
  }

  private static <T> @Nullable Field<T> another(@Nullable T given, @Nullable T now) {
    return given == null || given.equals(now) ? null : new Field<>(given);
  }

  private static boolean livesLonger(Credentials now, NewAccount account) {
    Secret token = account.accessToken();
    Instant end = account.expiresAt();
    if (token == null || token.equals(now.accessToken())) {
      return false;
    }
    return now.accessToken() == null
        || (end != null && (now.expiresAt() == null || end.isAfter(now.expiresAt())));
  }
}
