package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The accounts in PostgreSQL. */
final class PostgresAccounts implements AccountStore {

  private final Database database;
  private final Installation installation;
  private final AccountRows rows;
  private final ProxyRows proxies;
  private final TokenHolders holders;
  private final AccountCreation creation;

  PostgresAccounts(Database database, Installation installation) {
    this.database = database;
    this.installation = installation;
    this.rows = new AccountRows(installation.columns());
    this.proxies = new ProxyRows(installation.columns());
    this.holders = new TokenHolders(database);
    this.creation = new AccountCreation(database, installation, rows, holders);
  }

  @Override
  public Future<Optional<Account>> find(long id) {
    return one(AccountSql.FIND, Tuple.of(id));
  }

  @Override
  public Future<Boolean> deleted(long id, UUID incarnation) {
    return database
        .query(AccountSql.DELETED, Tuple.of(id, incarnation))
        .map(found -> found.size() > 0);
  }

  @Override
  public Future<Account> create(NewAccount account, @Nullable IdempotencyKey idempotencyKey) {
    return creation.create(account, idempotencyKey);
  }

  @Override
  public Future<Account> change(long id, AccountChange change, OptionalLong ifRevision) {
    return find(id)
        .map(PostgresAccounts::orNotFound)
        .map(account -> new AccountEdit(account, change, ifRevision, installation))
        .compose(edit -> write(id, edit, ifRevision));
  }

  private Future<Account> write(long id, AccountEdit edit, OptionalLong ifRevision) {
    return one(edit.sql(), edit.arguments())
        .recover(failure -> refused(edit, failure))
        .compose(
            changed ->
                changed.map(Future::succeededFuture).orElseGet(() -> notMatched(id, ifRevision)));
  }

  private Future<Optional<Account>> refused(AccountEdit edit, Throwable failure) {
    return edit.newMac() != null && StorageFailures.duplicate(failure)
        ? holders.conflict(edit.platform(), edit.newMac())
        : Future.failedFuture(failure);
  }

  @Override
  public Future<Deleted> delete(long id, OptionalLong ifRevision) {
    return database
        .query(AccountSql.DELETE, Tuple.of(id, boxed(ifRevision)))
        .compose(
            gone ->
                gone.size() == 0
                    ? notMatched(id, ifRevision)
                    : Future.succeededFuture(deleted(gone.iterator().next())));
  }

  private Deleted deleted(Row row) {
    return new Deleted(rows.account(row), lastToken(row));
  }

  /** A token that cannot be opened cannot be revoked, and must not keep the account alive. */
  private @Nullable Secret lastToken(Row row) {
    return rows.refreshTokenIfReadable(row, "old_refresh_sealed");
  }

  private <T> Future<T> notMatched(long id, OptionalLong ifRevision) {
    return find(id)
        .map(PostgresAccounts::orNotFound)
        .compose(
            account ->
                Future.failedFuture(
                    Problem.of(
                            ifRevision.isPresent()
                                ? ProblemCode.PRECONDITION_FAILED
                                : ProblemCode.CONFLICT,
                            "The account has changed since it was read.")
                        .about(account)
                        .exception()));
  }

  @Override
  public Future<List<Account>> list(Filter filter, int limit, long afterId) {
    AccountList list = new AccountList(filter, limit, afterId);
    return database.query(list.sql(), list.arguments()).map(rows::all);
  }

  @Override
  public Future<List<Whole>> listWhole(Filter filter, int limit, long afterId) {
    AccountList list = new AccountList(filter, limit, afterId);
    return database
        .query(list.wholeSql(), list.arguments())
        .map(found -> found.stream().map(this::whole).toList());
  }

  private Whole whole(Row row) {
    return new Whole(
        rows.listed(row),
        rows.refreshTokenIfReadable(row, SealedColumns.REFRESH),
        proxies.orNull(row));
  }

  @Override
  public Future<Optional<TokenUse>> useOf(String platform, Secret refreshToken) {
    return holders.of(platform, installation.macOf(platform, refreshToken));
  }

  @Override
  public Future<Account> clearError(long id) {
    return one(AccountSql.CLEAR_ERROR, Tuple.of(id)).map(PostgresAccounts::orNotFound);
  }

  @Override
  public Future<Optional<Account>> reject(long id, long generation) {
    return one(AccountSql.REJECT, Tuple.of(id, generation));
  }

  @Override
  public Future<List<Account>> markEnding(int limit) {
    return database.query(RefreshEndSql.TELL, Tuple.of(limit)).map(rows::all);
  }

  @Override
  public Future<Optional<Account>> storeProject(Account account, String projectId) {
    return one(
        AccountSql.STORE_PROJECT,
        Tuple.of(account.id(), account.incarnation(), projectId, account.projectId()));
  }

  @Override
  public Future<Boolean> claimProjectLookup(Account account, Duration cooldown) {
    return database
        .query(
            AccountSql.CLAIM_PROJECT_LOOKUP,
            Tuple.of(account.id(), account.incarnation(), cooldown.toMillis()))
        .map(taken -> taken.size() > 0);
  }

  @Override
  public Future<Optional<Instant>> claimForcedRefresh(long id, Duration interval) {
    Tuple arguments = Tuple.of(id, interval.toMillis());
    return database
        .query(AccountSql.CLAIM_FORCED, arguments)
        .compose(
            taken ->
                taken.size() > 0
                    ? Future.succeededFuture(Optional.empty())
                    : database.query(AccountSql.FORCED, arguments).map(PostgresAccounts::freeAt));
  }

  private static Optional<Instant> freeAt(RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw notFound();
    }
    return Optional.ofNullable(Stamps.instant(rows.iterator().next().getOffsetDateTime("free_at")));
  }

  private Future<Optional<Account>> one(String sql, Tuple arguments) {
    return database.query(sql, arguments).map(rows::one);
  }

  private static Account orNotFound(Optional<Account> account) {
    return account.orElseThrow(PostgresAccounts::notFound);
  }

  private static RuntimeException notFound() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such account.").exception();
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
