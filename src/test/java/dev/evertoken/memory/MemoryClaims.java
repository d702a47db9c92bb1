package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Trigger;
import dev.evertoken.memory.MemoryDatabase.Broken;
import dev.evertoken.port.RefreshClaims;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The refresh claims of one node. */
public final class MemoryClaims implements RefreshClaims {

  private static final Duration TIME_FOR_LATE_COMMITS = Duration.ofSeconds(3);

  private final MemoryDatabase database;
  private final String node;

  public MemoryClaims(MemoryDatabase database, String node) {
    this.database = database;
    this.node = node;
  }

  @Override
  public Future<Take> take(
      Account seen, UUID attempt, Duration lapse, Trigger trigger, boolean ignoreNotBefore) {
    return database.run(
        () -> {
          Optional<AccountRow> found = database.live(seen.id(), seen.incarnation());
          if (found.isEmpty()) {
            return new Take.Gone();
          }
          AccountRow row = found.get();
          if (row.generation != seen.generation()
              || row.sequence != seen.credentials().refreshTokenSequence()) {
            return new Take.Moved(row.view());
          }
          if (row.claim != null && !database.broken(Broken.TAKES_A_CLAIM_THAT_IS_HELD)) {
            return new Take.Held(row.view(), row.claim);
          }
          Instant now = database.now();
          if (!ignoreNotBefore && (AccountRow.after(row.notBefore, now) || row.unreadable())) {
            return new Take.Resting(row.view());
          }
          if (row.status != AccountStatus.ACTIVE) {
            return new Take.Moved(row.view());
          }
          row.claim = new Claim(attempt, node, now, now.plus(lapse));
          row.claimTrigger = trigger;
          row.claimSequence = row.sequence;
          Account taken = database.stepped(row);
          return new Take.Taken(taken, row.refreshToken, database.proxies.usable(row.proxyId));
        });
  }

  @Override
  public Future<Boolean> extend(long account, UUID attempt, Duration lapse) {
    return database.run(
        () -> {
          if (database.broken(Broken.EXTENDS_A_CLAIM_THAT_IS_LOST)) {
            return true;
          }
          AccountRow row = ours(account, attempt);
          Claim claim = row == null ? null : row.claim;
          if (row == null || claim == null || row.sequence != row.claimSequence) {
            return false;
          }
          row.claim = new Claim(attempt, claim.node(), claim.at(), database.now().plus(lapse));
          database.stepped(row);
          return true;
        });
  }

  @Override
  public Future<Boolean> release(long account, UUID attempt) {
    return database.run(
        () -> {
          AccountRow row = ours(account, attempt);
          if (row == null) {
            return false;
          }
          row.noClaim();
          database.stepped(row);
          return true;
        });
  }

  private @Nullable AccountRow ours(long account, UUID attempt) {
    return database.live(account).filter(row -> row.claimedBy(attempt)).orElse(null);
  }

  @Override
  public Future<Optional<Account>> settle(Settlement settlement) {
    return database.run(
        () -> {
          AccountRow row = ours(settlement.account(), settlement.attempt());
          if (row == null || row.claim == null) {
            return Optional.empty();
          }
          boolean sameToken = doubtful(settlement.mark()) && row.sequence == row.claimSequence;
          Instant claimedAt = row.claim.at();
          row.noClaim();
          if (row.generation != settlement.generation() && !sameToken) {
            database.stepped(row);
            return Optional.empty();
          }
          row.reservedUntil = null;
          row.lastRefresh = settlement.outcome();
          row.history = settlement.history();
          move(row, settlement.next());
          mark(row, settlement.mark(), claimedAt, settlement.outcome());
          return Optional.of(database.changed(row));
        });
  }

  private static boolean doubtful(Mark mark) {
    return switch (mark) {
      case Mark.None none -> false;
      case Mark.Failed failed -> false;
      case Mark.Benched benched -> false;
      case Mark.Unknown unknown -> true;
      case Mark.Unreadable unreadable -> true;
    };
  }

  private void mark(AccountRow row, Mark mark, Instant claimedAt, LastRefresh outcome) {
    switch (mark) {
      case Mark.None none -> {}
      case Mark.Failed failed -> {
        if (row.status == AccountStatus.ACTIVE) {
          row.status = AccountStatus.ERROR;
        }
        row.error = failed.error();
        row.doubt = Doubt.NONE;
      }
      case Mark.Benched benched -> bench(row, benched.bench(), outcome.at());
      case Mark.Unknown unknown -> {
        row.doubt =
            new Doubt(
                Objects.requireNonNullElse(row.doubt.unknownSince(), claimedAt),
                row.doubt.tries() + 1,
                row.doubt.unreadableSince());
        bench(row, unknown.bench(), outcome.at());
      }
      case Mark.Unreadable unreadable -> {
        row.doubt =
            new Doubt(
                Objects.requireNonNullElse(row.doubt.unknownSince(), claimedAt),
                row.doubt.tries() + 1,
                row.unreadable() ? row.doubt.unreadableSince() : database.now());
        bench(row, unreadable.bench(), outcome.at());
      }
    }
  }

  private void bench(AccountRow row, @Nullable Bench bench, Instant evidence) {
    if (bench != null) {
      row.bench(bench, evidence, database.now());
    }
  }

  private static void move(AccountRow row, Next next) {
    row.notBefore = next.notBefore() == null ? row.notBefore : next.notBefore();
    row.dueAt = next.dueAt() == null ? row.dueAt : next.dueAt();
  }

  @Override
  public Future<Optional<Account>> settleLapsed(
      long account, UUID attempt, boolean unknown, Next next) {
    return database.run(
        () -> {
          AccountRow row = ours(account, attempt);
          Instant now = database.now();
          if (row == null
              || row.claim == null
              || !row.claim.lapsedAt(now)
              || (unknown && !database.steadyFor(TIME_FOR_LATE_COMMITS))) {
            return Optional.empty();
          }
          Instant claimedAt = row.claim.at();
          row.noClaim();
          row.reservedUntil = null;
          move(row, next);
          if (unknown) {
            row.doubt =
                new Doubt(
                    Objects.requireNonNullElse(row.doubt.unknownSince(), claimedAt),
                    row.doubt.tries() + 1,
                    row.doubt.unreadableSince());
          }
          row.lastRefresh =
              new LastRefresh(
                  attempt,
                  now,
                  unknown ? RefreshClass.OUTCOME_UNKNOWN : RefreshClass.TRANSIENT,
                  row.claimTrigger,
                  Duration.between(claimedAt, now),
                  "The node that refreshed it was cut off before it stored an outcome.");
          return Optional.of(database.changed(row));
        });
  }

  @Override
  public Future<Commit> commit(Tokens tokens) {
    return database.run(() -> new CommitOnRow(database).write(tokens));
  }

  @Override
  public Future<List<Account>> reserveDue(
      Map<String, Integer> room, Duration reservation, Collection<Suspension> closed) {
    return database.run(() -> new DueRows(database).reserve(room, reservation, closed));
  }

  @Override
  public Future<Optional<Instant>> nextDue(
      Collection<String> platforms, Collection<Suspension> closed) {
    return database.run(() -> new DueRows(database).next(platforms, closed));
  }
}
