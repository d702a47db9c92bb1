package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.RefreshClaims;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The refresh claims in PostgreSQL, by its clock. */
final class PostgresRefreshClaims implements RefreshClaims {

  private static final Comparator<Account> MOST_URGENT =
      Comparator.comparing(
              (Account account) -> account.credentials().expiresAt(),
              Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparingLong(Account::id);

  /**
   * When PostgreSQL was away, claims lapsed whose nodes hold the answer and commit it as soon as
   * they can: they get that long before anybody calls their outcome unknown.
   */
  private static final Duration TIME_FOR_LATE_COMMITS = Duration.ofSeconds(3);

  private final Database database;
  private final String node;
  private final AccountRows rows;
  private final ProxyRows proxies;
  private final CommitWrite commits;
  private final LostTakes lostTakes;

  PostgresRefreshClaims(Vertx vertx, Database database, Installation installation, String node) {
    this.database = database;
    this.node = node;
    this.rows = new AccountRows(installation.columns());
    this.proxies = new ProxyRows(installation.columns());
    this.commits = new CommitWrite(database, installation);
    this.lostTakes = new LostTakes(vertx, database);
  }

  @Override
  public Future<Take> take(
      Account seen, UUID attempt, Duration lapse, Trigger trigger, boolean ignoreNotBefore) {
    Tuple arguments =
        Tuple.tuple()
            .addLong(seen.id())
            .addUUID(attempt)
            .addString(node)
            .addString(WireName.of(trigger))
            .addLong(lapse.toMillis())
            .addUUID(seen.incarnation())
            .addLong(seen.generation())
            .addLong(seen.credentials().refreshTokenSequence())
            .addBoolean(ignoreNotBefore);
    return database
        .urgent(ClaimSql.TAKE, arguments)
        .compose(
            taken ->
                taken.size() == 0
                    ? notTaken(seen)
                    : Future.succeededFuture(taken(taken.iterator().next())))
        .onFailure(failure -> giveBack(attempt, failure));
  }

  private Take taken(Row row) {
    return new Take.Taken(rows.account(row), rows.refreshToken(row), proxies.orNull(row));
  }

  private void giveBack(UUID attempt, Throwable failure) {
    if (failure instanceof ProblemException refusal
        && refusal.problem().code().ofStorage()
        && refusal.problem().code() != ProblemCode.OVERLOADED) {
      lostTakes.giveBack(attempt);
    }
  }

  private Future<Take> notTaken(Account seen) {
    return database
        .urgent(ClaimSql.MET, Tuple.of(seen.id(), seen.incarnation()))
        .map(met -> met(met, seen));
  }

  private Take met(RowSet<Row> met, Account seen) {
    if (met.size() == 0) {
      return new Take.Gone();
    }
    Row row = met.iterator().next();
    Account account = rows.account(row);
    Credentials now = account.credentials();
    Claim claim = now.claim();
    if (now.generation() != seen.generation()
        || now.refreshTokenSequence() != seen.credentials().refreshTokenSequence()) {
      return new Take.Moved(account);
    }
    if (claim != null) {
      return new Take.Held(account, claim);
    }
    return row.getBoolean("resting") ? new Take.Resting(account) : new Take.Moved(account);
  }

  @Override
  public Future<Boolean> extend(long account, UUID attempt, Duration lapse) {
    return any(ClaimSql.EXTEND, Tuple.of(account, attempt, lapse.toMillis()));
  }

  @Override
  public Future<Boolean> release(long account, UUID attempt) {
    return any(ClaimSql.RELEASE, Tuple.of(account, attempt));
  }

  @Override
  public Future<Optional<Account>> settle(Settlement settlement) {
    return database
        .urgent(ClaimSql.SETTLE, arguments(settlement))
        .map(rows::one)
        .compose(
            settled ->
                settled.isPresent()
                    ? Future.succeededFuture(settled)
                    : release(settlement.account(), settlement.attempt()).map(Optional.empty()));
  }

  private static Tuple arguments(Settlement settlement) {
    Mark mark = settlement.mark();
    Bench bench = bench(mark);
    boolean unreadable = mark instanceof Mark.Unreadable;
    return Tuple.tuple()
        .addLong(settlement.account())
        .addUUID(settlement.attempt())
        .addLong(settlement.generation())
        .addJsonObject(AccountJson.of(settlement.outcome()))
        .addOffsetDateTime(Stamps.column(settlement.next().notBefore()))
        .addOffsetDateTime(Stamps.column(settlement.next().dueAt()))
        .addJsonObject(mark instanceof Mark.Failed(AccountError e) ? AccountJson.of(e) : null)
        .addBoolean(unreadable || mark instanceof Mark.Unknown)
        .addString(bench == null ? null : WireName.of(bench.cause()))
        .addJsonObject(bench == null ? null : AccountJson.of(bench))
        .addOffsetDateTime(bench == null ? null : Stamps.column(bench.until()))
        .addOffsetDateTime(Stamps.column(settlement.outcome().at()))
        .addBoolean(unreadable)
        .addJsonObject(AccountJson.of(settlement.history()));
  }

  private static @Nullable Bench bench(Mark mark) {
    return switch (mark) {
      case Mark.None none -> null;
      case Mark.Failed failed -> null;
      case Mark.Benched benched -> benched.bench();
      case Mark.Unknown unknown -> unknown.bench();
      case Mark.Unreadable unreadable -> unreadable.bench();
    };
  }

  @Override
  public Future<Optional<Account>> settleLapsed(
      long account, UUID attempt, boolean unknown, Next next) {
    if (unknown && !database.steadyFor(TIME_FOR_LATE_COMMITS)) {
      return Future.succeededFuture(Optional.empty());
    }
    Tuple arguments =
        Tuple.of(
            account,
            attempt,
            unknown,
            Stamps.column(next.notBefore()),
            Stamps.column(next.dueAt()));
    return database.urgent(ClaimSql.SETTLE_LAPSED, arguments).map(rows::one);
  }

  @Override
  public Future<Commit> commit(Tokens tokens) {
    return commits.commit(tokens);
  }

  @Override
  public Future<List<Account>> reserveDue(
      Map<String, Integer> room, Duration reservation, Collection<Suspension> closed) {
    ClosedWays ways = new ClosedWays(closed);
    List<String> platforms = List.copyOf(room.keySet());
    int most = room.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    Tuple arguments =
        Tuple.of(
            platforms.toArray(String[]::new),
            platforms.stream()
                .map(name -> ways.platforms().contains(name) ? 0 : room.getOrDefault(name, 0))
                .toArray(Integer[]::new),
            reservation.toMillis(),
            most);
    return database
        .query(ClaimSql.RESERVE_DUE, ways.addedTo(arguments))
        .map(page -> rows.all(page).stream().sorted(MOST_URGENT).toList());
  }

  @Override
  public Future<Optional<Instant>> nextDue(
      Collection<String> platforms, Collection<Suspension> closed) {
    ClosedWays ways = new ClosedWays(closed);
    // Not Tuple.of: it would take a second argument that is an array for all its further ones.
    Tuple arguments =
        Tuple.tuple()
            .addArrayOfString(platforms.toArray(String[]::new))
            .addArrayOfString(
                platforms.stream()
                    .filter(name -> !ways.platforms().contains(name))
                    .toArray(String[]::new));
    int later = closed.isEmpty() ? 1 : ClaimSql.LATER;
    return database
        .query(ClaimSql.NEXT_DUE, ways.addedTo(arguments).addInteger(later))
        .map(
            row ->
                Optional.ofNullable(
                    Stamps.instant(row.iterator().next().getOffsetDateTime("next_due"))));
  }

  private Future<Boolean> any(String sql, Tuple arguments) {
    return database.urgent(sql, arguments).map(rows -> rows.size() > 0);
  }
}
