package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.TokenUse;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.NewAccess;
import dev.evertoken.port.RefreshClaims.Tokens;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores the answer of a provider on the row as it is now. */
final class CommitWrite {

  private static final Logger LOG = LoggerFactory.getLogger(CommitWrite.class);

  /** The code of an account whose refresh token the provider gave to two accounts. */
  static final String SHARED = "refresh_token_shared";

  private static final int ROUNDS = 3;

  private final Database database;
  private final Installation installation;
  private final AccountRows rows;
  private final TokenHolders holders;

  CommitWrite(Database database, Installation installation) {
    this.database = database;
    this.installation = installation;
    this.rows = new AccountRows(installation.columns());
    this.holders = new TokenHolders(database);
  }

  Future<Commit> commit(Tokens tokens) {
    return write(tokens, newToken(tokens), null, ROUNDS);
  }

  /** A provider that answers the presented token again gave no new one. */
  private static @Nullable Secret newToken(Tokens tokens) {
    Secret next = tokens.refresh().next();
    return tokens.presented().token().equals(next) ? null : next;
  }

  private Future<Commit> write(
      Tokens tokens, @Nullable Secret token, @Nullable AccountError shared, int rounds) {
    Buffer mac = token == null ? null : installation.macOf(tokens.holder().platform(), token);
    return database
        .urgent(CommitSql.COMMIT, arguments(tokens, token, mac, shared))
        .compose(
            written ->
                written.size() == 0
                    ? notWritten(tokens)
                    : Future.succeededFuture(written(written.iterator().next())))
        .recover(
            failure ->
                mac != null && rounds > 1 && StorageFailures.duplicate(failure)
                    ? makeRoom(tokens, token, mac, rounds)
                    : Future.failedFuture(failure));
  }

  private Commit written(Row row) {
    return new Commit.Written(rows.account(row), row.getBoolean("troubled"));
  }

  private Future<Commit> notWritten(Tokens tokens) {
    Tuple row =
        Tuple.of(
            tokens.holder().account(),
            tokens.holder().incarnation(),
            tokens.presented().sequence(),
            presentedMac(tokens));
    return database.urgent(CommitSql.MET, row).map(met -> met(met, tokens));
  }

  private Commit met(RowSet<Row> met, Tokens tokens) {
    if (met.size() == 0) {
      return new Commit.Gone();
    }
    Row row = met.iterator().next();
    Account account = rows.account(row);
    return tokens.attempt().equals(row.getUUID("committed_attempt"))
        ? new Commit.Already(account)
        : new Commit.Superseded(account, row.getBoolean("sibling"));
  }

  /**
   * The new refresh token is known already. One that was spent is good again, since the provider
   * says so; one that another account holds stays with it, as two accounts that present the same
   * token would end each other's grant.
   */
  private Future<Commit> makeRoom(Tokens tokens, @Nullable Secret token, Buffer mac, int rounds) {
    return holders
        .of(tokens.holder().platform(), mac)
        .compose(
            holder -> {
              if (holder.isPresent() && !holder.get().spent()) {
                return write(tokens, null, shared(holder.get(), tokens), rounds - 1);
              }
              return database
                  .urgent(CommitSql.GIVEN_AGAIN, Tuple.of(tokens.holder().platform(), mac))
                  .compose(free -> write(tokens, token, null, rounds - 1));
            });
  }

  /** Who sees this account need not see the other one: only the log names it. */
  private static AccountError shared(TokenUse holder, Tokens tokens) {
    LOG.atError()
        .addKeyValue("account", tokens.holder().account())
        .addKeyValue("platform", tokens.holder().platform())
        .addKeyValue("cause", "account %d holds it".formatted(holder.account()))
        .log("refresh_token_shared");
    return new AccountError(
        SHARED,
        "The provider gave a refresh token that another account holds; authorise this one anew.",
        tokens.details().outcome().at());
  }

  private Tuple arguments(
      Tokens tokens, @Nullable Secret token, @Nullable Buffer mac, @Nullable AccountError shared) {
    SealedColumns columns = installation.columns();
    UUID owner = tokens.holder().incarnation();
    NewAccess access = tokens.access();
    Duration lifetime = access == null ? null : access.lifetime();
    return Tuple.tuple()
        .addLong(tokens.holder().account())
        .addUUID(owner)
        .addUUID(tokens.attempt())
        .addLong(tokens.presented().sequence())
        .addLong(tokens.presented().generation())
        .addBuffer(
            columns.seal(owner, SealedColumns.ACCESS, access == null ? null : access.token()))
        .addBuffer(columns.seal(owner, SealedColumns.REFRESH, token))
        .addBuffer(mac)
        .addOffsetDateTime(access == null ? null : Stamps.column(access.expiresAt()))
        .addLong(lifetime == null ? null : lifetime.toMillis())
        .addOffsetDateTime(Stamps.column(tokens.next().dueAt()))
        .addOffsetDateTime(Stamps.column(tokens.next().notBefore()))
        .addString(tokens.details().projectId())
        .addJsonObject(AccountJson.of(tokens.details().outcome()))
        .addJsonObject(AccountJson.of(shared))
        .addBuffer(presentedMac(tokens))
        .addString(access == null ? null : access.type())
        .addOffsetDateTime(Stamps.column(tokens.refresh().expiresAt()))
        .addOffsetDateTime(Stamps.column(tokens.refresh().idleAt()));
  }

  private Buffer presentedMac(Tokens tokens) {
    return installation.macOf(tokens.holder().platform(), tokens.presented().token());
  }
}
