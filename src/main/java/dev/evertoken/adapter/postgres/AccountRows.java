package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshSchedule;
import dev.evertoken.domain.RefreshTokenState;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Sealer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads accounts from rows of {@link #COLUMNS}. */
final class AccountRows {

  /** Every column of an account, for {@code select} and {@code returning}; no refresh token. */
  static final String COLUMNS =
      """
      id, incarnation, platform, type, name, status, error, paused, priority, pools, proxy_id,
      project_id, project_not_before, email, revision, generation, rt_seq, access_sealed,
      api_key_sealed, refresh_sealed is not null as has_refresh_token, expires_at, lifetime_ms,
      rejected_generation, rejected_at, refresh_due_at, not_before, claim_attempt, claim_node, claim_at,
      claim_until, unknown_since, unknown_tries, forced_at, benches, last_refresh, created_at,
      updated_at, rules, token_type, refresh_expires_at, refresh_idle_at,
      unreadable_since, history\
      """;

  private static final Logger LOG = LoggerFactory.getLogger(AccountRows.class);

  private final SealedColumns columns;

  AccountRows(SealedColumns columns) {
    this.columns = columns;
  }

  /** The one account of a result; fails with {@code key_unavailable} if it cannot be opened. */
  Optional<Account> one(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(account(rows.iterator().next()));
  }

  /** The account of a row; the same failure. */
  Account account(Row row) {
    UUID owner = row.getUUID("incarnation");
    try {
      return account(
          row,
          columns.open(owner, SealedColumns.ACCESS, row.getBuffer("access_sealed")),
          columns.open(owner, SealedColumns.API_KEY, row.getBuffer("api_key_sealed")));
    } catch (Sealer.CannotOpen e) {
      throw cannotOpen(row, e);
    }
  }

  /** The accounts of a result; one that cannot be opened has no token, and the others are shown. */
  List<Account> all(RowSet<Row> rows) {
    List<Account> accounts = new ArrayList<>(rows.size());
    rows.forEach(row -> accounts.add(listed(row)));
    return accounts;
  }

  /** The account of a row of a list. */
  @SuppressWarnings("UnusedException") // logged with the account
  Account listed(Row row) {
    try {
      return account(row);
    } catch (ProblemException e) {
      return account(row, null, null);
    }
  }

  /** The refresh token of a row that has its column too; the same failure. */
  @Nullable Secret refreshToken(Row row) {
    try {
      return refreshToken(row, SealedColumns.REFRESH);
    } catch (Sealer.CannotOpen e) {
      throw cannotOpen(row, e);
    }
  }

  /** The refresh token in a column of that name; null also when it cannot be opened. */
  @Nullable Secret refreshTokenIfReadable(Row row, String column) {
    try {
      return refreshToken(row, column);
    } catch (Sealer.CannotOpen e) {
      logged(row, e);
      return null;
    }
  }

  private @Nullable Secret refreshToken(Row row, String column) {
    return columns.open(row.getUUID("incarnation"), SealedColumns.REFRESH, row.getBuffer(column));
  }

  private static void logged(Row row, Sealer.CannotOpen e) {
    LOG.atError()
        .addKeyValue("account", row.getLong("id"))
        .addKeyValue("cause", e.getMessage())
        .log("secret_cannot_be_opened");
  }

  private static RuntimeException cannotOpen(Row row, Sealer.CannotOpen e) {
    logged(row, e);
    return Problem.of(
            ProblemCode.KEY_UNAVAILABLE,
            "A stored secret of the account cannot be opened with the keyset of this node.")
        .withAccount(row.getLong("id"))
        .exception();
  }

  private static Account account(Row row, @Nullable Secret accessToken, @Nullable Secret apiKey) {
    return new Account(
        row.getLong("id"),
        row.getUUID("incarnation"),
        row.getString("platform"),
        WireName.parse(AccountType.class, row.getString("type")).orElseThrow(),
        row.getString("name"),
        WireName.parse(AccountStatus.class, row.getString("status")).orElseThrow(),
        AccountJson.error((JsonObject) row.getJson("error")),
        row.getBoolean("paused"),
        row.getInteger("priority"),
        List.of(row.getArrayOfStrings("pools")),
        row.getLong("proxy_id"),
        row.getString("project_id"),
        time(row, "project_not_before"),
        row.getString("email"),
        row.getLong("revision"),
        credentials(row, accessToken, apiKey),
        AccountJson.benches((JsonObject) row.getJson("benches")),
        AccountJson.lastRefresh((JsonObject) row.getJson("last_refresh")),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant(),
        AccountJson.rules((JsonArray) row.getJson("rules")));
  }

  private static Credentials credentials(
      Row row, @Nullable Secret accessToken, @Nullable Secret apiKey) {
    return new Credentials(
        row.getLong("generation"),
        accessToken(row, accessToken),
        new RefreshTokenState(
            row.getBoolean("has_refresh_token"),
            row.getLong("rt_seq"),
            time(row, "refresh_expires_at"),
            time(row, "refresh_idle_at"),
            doubt(row)),
        apiKey,
        new RefreshSchedule(
            time(row, "refresh_due_at"), time(row, "not_before"), time(row, "forced_at")),
        claim(row),
        history(row));
  }

  private static AccessToken accessToken(Row row, @Nullable Secret value) {
    String type = row.getString("token_type");
    Long lifetime = row.getLong("lifetime_ms");
    return new AccessToken(
        value,
        type == null ? AccessToken.BEARER : type,
        time(row, "expires_at"),
        lifetime == null ? null : Duration.ofMillis(lifetime),
        row.getLong("rejected_generation"),
        time(row, "rejected_at"));
  }

  /** A node of the release before ends a doubt without knowing what was unreadable. */
  private static Doubt doubt(Row row) {
    Instant unknown = time(row, "unknown_since");
    return new Doubt(
        unknown,
        row.getInteger("unknown_tries"),
        unknown == null ? null : time(row, "unreadable_since"));
  }

  /** A node of the release before leaves it behind when it stores an answer. */
  private static FailureHistory history(Row row) {
    JsonObject last = (JsonObject) row.getJson("last_refresh");
    boolean over = last != null && "success".equals(last.getString("result"));
    return over ? FailureHistory.NONE : AccountJson.history((JsonObject) row.getJson("history"));
  }

  private static @Nullable Claim claim(Row row) {
    UUID attempt = row.getUUID("claim_attempt");
    return attempt == null
        ? null
        : new Claim(
            attempt,
            row.getString("claim_node"),
            row.getOffsetDateTime("claim_at").toInstant(),
            row.getOffsetDateTime("claim_until").toInstant());
  }

  private static @Nullable Instant time(Row row, String column) {
    return Stamps.instant(row.getOffsetDateTime(column));
  }
}
