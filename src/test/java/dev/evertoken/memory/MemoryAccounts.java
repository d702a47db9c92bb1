package dev.evertoken.memory;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The accounts. */
public final class MemoryAccounts implements AccountStore {

  private record Made(String requestHash, long account, Instant at) {}

  private static final Duration REMEMBERED = Duration.ofHours(24);

  private final MemoryDatabase database;
  private final Map<String, Made> made = new HashMap<>();

  public MemoryAccounts(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Optional<Account>> find(long id) {
    return database.run(() -> database.live(id).map(AccountRow::view));
  }

  @Override
  public Future<Boolean> deleted(long id, UUID incarnation) {
    return database.run(
        () -> {
          AccountRow row = database.accounts.get(id);
          return row != null && row.incarnation.equals(incarnation) && row.deletedAt != null;
        });
  }

  @Override
  public Future<Account> create(NewAccount account, @Nullable IdempotencyKey once) {
    return database.run(
        () -> {
          String key = once == null ? "" : once.actor() + " " + once.key();
          Made before = once == null ? null : made.get(key);
          if (once != null && before != null && recent(before)) {
            return again(before, once);
          }
          AccountRow row = added(account);
          if (once != null) {
            made.put(key, new Made(once.requestHash(), row.id, database.now()));
          }
          return row.view();
        });
  }

  private boolean recent(Made before) {
    return database.now().isBefore(before.at.plus(REMEMBERED));
  }

  private Account again(Made before, IdempotencyKey once) {
    if (!before.requestHash.equals(once.requestHash())) {
      throw Problem.of(ProblemCode.INVALID, "The Idempotency-Key was used for another request.")
          .exception();
    }
    return database
        .live(before.account)
        .orElseThrow(
            () -> Problem.of(ProblemCode.CONFLICT, "The account has been deleted.").exception())
        .view();
  }

  private AccountRow added(NewAccount account) {
    if (account.refreshToken() != null) {
      free(account.platform(), account.refreshToken(), 0);
    }
    long id = database.newId();
    Instant now = database.now();
    AccountRow row = new AccountRow(id, new UUID(42, id), account.platform(), account.type(), now);
    row.name = account.name();
    row.paused = account.paused();
    row.priority = account.priority();
    row.pools = account.pools();
    row.proxyId = account.proxyId();
    row.projectId = account.projectId();
    row.email = account.email();
    row.rules = account.rules();
    row.access = AccessToken.of(account.accessToken(), account.expiresAt(), null);
    row.apiKey = account.apiKey();
    if (account.refreshToken() != null) {
      row.refreshToken = account.refreshToken();
      row.endsMoved(account.refreshExpiresAt(), account.refreshIdleAt(), now);
      row.dueAt = account.refreshDueAt() == null ? now : account.refreshDueAt();
      database.hold(row, account.refreshToken());
    }
    database.added(row);
    return row;
  }

  private void free(String platform, Secret token, long owner) {
    Optional<TokenUse> use = database.useOf(platform, token);
    if (use.isPresent() && use.get().spent()) {
      throw Problem.of(
              ProblemCode.CONFLICT, "The refresh token is spent: it was used and replaced.")
          .exception();
    }
    if (use.isPresent() && use.get().account() != owner) {
      throw Problem.of(ProblemCode.CONFLICT, "Another account holds the refresh token.")
          .withAccount(use.get().account())
          .exception();
    }
  }

  @Override
  public Future<Account> change(long id, AccountChange change, OptionalLong ifRevision) {
    return database.run(
        () -> {
          AccountRow row = found(id, ifRevision);
          AccountRow edited = row.copy();
          new AccountEdit(database, edited, change, token -> free(row.platform, token, row.id))
              .apply();
          database.accounts.put(id, edited);
          return database.changed(edited);
        });
  }

  private AccountRow found(long id, OptionalLong ifRevision) {
    AccountRow row = found(id);
    if (ifRevision.isPresent() && ifRevision.getAsLong() != row.revision) {
      throw Problem.of(
              ProblemCode.PRECONDITION_FAILED, "The account has changed since it was read.")
          .about(row.view())
          .exception();
    }
    return row;
  }

  private AccountRow found(long id) {
    return database.live(id).orElseThrow(MemoryAccounts::notFound);
  }

  private static RuntimeException notFound() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such account.").exception();
  }

  @Override
  public Future<Deleted> delete(long id, OptionalLong ifRevision) {
    return database.run(
        () -> {
          AccountRow row = found(id, ifRevision);
          Secret last = row.refreshToken;
          database.letGo(row, last);
          row.deletedAt = database.now();
          row.refreshToken = null;
          row.access = AccessToken.NONE;
          row.apiKey = null;
          row.dueAt = null;
          row.notBefore = null;
          row.noClaim();
          return new Deleted(database.changed(row), last);
        });
  }

  @Override
  public Future<List<Account>> list(Filter filter, int limit, long afterId) {
    return database.run(() -> wanted(filter, afterId).limit(limit).map(AccountRow::view).toList());
  }

  @Override
  public Future<List<Whole>> listWhole(Filter filter, int limit, long afterId) {
    return database.run(
        () ->
            wanted(filter, afterId)
                .limit(limit)
                .map(
                    row ->
                        new Whole(
                            row.view(), row.refreshToken, database.proxies.usable(row.proxyId)))
                .toList());
  }

  private Stream<AccountRow> wanted(Filter filter, long afterId) {
    Listed listed = new Listed(filter, MemoryRoutes.all(database), database.now());
    return database.live().filter(row -> row.id > afterId && listed.shows(row.view()));
  }

  @Override
  public Future<Optional<TokenUse>> useOf(String platform, Secret refreshToken) {
    return database.run(() -> database.useOf(platform, refreshToken));
  }

  @Override
  public Future<Account> clearError(long id) {
    return database.run(
        () -> {
          AccountRow row = found(id);
          Instant now = database.now();
          if (row.status == AccountStatus.ERROR) {
            row.status = AccountStatus.ACTIVE;
          }
          row.error = null;
          row.history = FailureHistory.NONE;
          row.notBefore = row.doubt.unknownSince() == null ? null : row.notBefore;
          row.dueAt = row.refreshToken == null ? null : Objects.requireNonNullElse(row.dueAt, now);
          row.clearRefreshBenches(now);
          return database.changed(row);
        });
  }

  @Override
  public Future<Optional<Account>> reject(long id, long generation) {
    return database.run(
        () -> {
          Instant now = database.now();
          return database
              .live(id)
              .filter(row -> row.generation == generation)
              .map(row -> rejected(row, generation, now));
        });
  }

  private Account rejected(AccountRow row, long generation, Instant now) {
    AccessToken had = row.access;
    row.access =
        new AccessToken(had.value(), had.type(), had.expiresAt(), had.lifetime(), generation, now);
    if (row.doubt.unknownSince() != null && row.doubt.tries() <= 1) {
      row.notBefore = null;
    }
    if (row.refreshToken != null && (row.dueAt == null || row.dueAt.isAfter(now))) {
      row.dueAt = now;
    }
    return database.changed(row);
  }

  @Override
  public Future<List<Account>> markEnding(int limit) {
    return database.run(
        () -> {
          Instant now = database.now();
          List<AccountRow> ending =
              database
                  .live()
                  .filter(row -> row.endMark(now) > row.refreshEndTold)
                  .limit(limit)
                  .toList();
          ending.forEach(row -> row.refreshEndTold = row.endMark(now));
          return ending.stream().map(AccountRow::view).toList();
        });
  }

  @Override
  public Future<Optional<Account>> storeProject(Account account, String projectId) {
    return database.run(
        () ->
            database
                .live(account.id(), account.incarnation())
                .filter(row -> Objects.equals(row.projectId, account.projectId()))
                .map(
                    row -> {
                      row.projectId = projectId;
                      return database.changed(row);
                    }));
  }

  @Override
  public Future<Boolean> claimProjectLookup(Account account, Duration cooldown) {
    return database.run(
        () -> {
          Instant now = database.now();
          Optional<AccountRow> row =
              database
                  .live(account.id(), account.incarnation())
                  .filter(found -> !AccountRow.after(found.projectNotBefore, now));
          row.ifPresent(
              taken -> {
                taken.projectNotBefore = now.plus(cooldown);
                database.stepped(taken);
              });
          return row.isPresent();
        });
  }

  @Override
  public Future<Optional<Instant>> claimForcedRefresh(long id, Duration interval) {
    return database.run(
        () -> {
          AccountRow row = found(id);
          Instant now = database.now();
          if (row.forcedAt != null && row.forcedAt.plus(interval).isAfter(now)) {
            return Optional.of(row.forcedAt.plus(interval));
          }
          row.forcedAt = now;
          database.stepped(row);
          return Optional.empty();
        });
  }
}
