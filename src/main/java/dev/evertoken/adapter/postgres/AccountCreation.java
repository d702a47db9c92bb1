package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.AccountStore.IdempotencyKey;
import dev.evertoken.port.AccountStore.NewAccount;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes accounts: once for an idempotency key, and never with another's or a spent token. */
final class AccountCreation {

  private final Database database;
  private final Installation installation;
  private final AccountRows rows;
  private final TokenHolders holders;

  AccountCreation(
      Database database, Installation installation, AccountRows rows, TokenHolders holders) {
    this.database = database;
    this.installation = installation;
    this.rows = rows;
    this.holders = holders;
  }

  Future<Account> create(NewAccount account, @Nullable IdempotencyKey once) {
    Buffer mac =
        account.refreshToken() == null
            ? null
            : installation.macOf(account.platform(), account.refreshToken());
    return database
        .query(AccountSql.CREATE, arguments(account, once, mac))
        .map(rows::one)
        .compose(made -> made.map(Future::succeededFuture).orElseGet(() -> madeBefore(once)))
        .recover(failure -> refused(account, mac, failure));
  }

  private Tuple arguments(NewAccount account, @Nullable IdempotencyKey once, @Nullable Buffer mac) {
    UUID incarnation = UUID.randomUUID();
    SealedColumns columns = installation.columns();
    return Tuple.tuple()
        .addString(once == null ? null : once.actor())
        .addString(once == null ? null : once.key())
        .addString(once == null ? null : once.requestHash())
        .addUUID(incarnation)
        .addString(account.platform())
        .addString(WireName.of(account.type()))
        .addString(account.name())
        .addBoolean(account.paused())
        .addInteger(account.priority())
        .addArrayOfString(account.pools().toArray(String[]::new))
        .addLong(account.proxyId())
        .addString(account.projectId())
        .addString(account.email())
        .addBuffer(columns.seal(incarnation, SealedColumns.ACCESS, account.accessToken()))
        .addBuffer(columns.seal(incarnation, SealedColumns.REFRESH, account.refreshToken()))
        .addBuffer(columns.seal(incarnation, SealedColumns.API_KEY, account.apiKey()))
        .addBuffer(mac)
        .addOffsetDateTime(Stamps.column(account.expiresAt()))
        .addOffsetDateTime(Stamps.column(account.refreshDueAt()))
        .addJsonArray(AccountJson.rules(account.rules()))
        .addOffsetDateTime(Stamps.column(account.refreshExpiresAt()))
        .addOffsetDateTime(Stamps.column(account.refreshIdleAt()));
  }

  private Future<Account> refused(NewAccount account, @Nullable Buffer mac, Throwable failure) {
    return mac != null && StorageFailures.duplicate(failure)
        ? holders.conflict(account.platform(), mac)
        : Future.failedFuture(failure);
  }

  private Future<Account> madeBefore(@Nullable IdempotencyKey once) {
    if (once == null) {
      return Future.failedFuture(new IllegalStateException("the account was not created"));
    }
    return database
        .query(AccountSql.MADE_BEFORE, Tuple.of(once.actor(), once.key()))
        .compose(
            found ->
                found.size() == 0
                    ? Future.failedFuture(changedMeanwhile())
                    : replay(found.iterator().next(), once));
  }

  private Future<Account> replay(Row made, IdempotencyKey once) {
    if (!made.getString("request_hash").equals(once.requestHash())) {
      return Future.failedFuture(
          Problem.of(
                  ProblemCode.INVALID,
                  "The Idempotency-Key was used for another request in the last 24 hours.")
              .exception());
    }
    return database
        .query(AccountSql.FIND, Tuple.of(made.getLong("account_id")))
        .map(found -> rows.one(found).orElseThrow(AccountCreation::changedMeanwhile));
  }

  private static RuntimeException changedMeanwhile() {
    return Problem.of(
            ProblemCode.CONFLICT, "The account that this Idempotency-Key made has been deleted.")
        .exception();
  }
}
