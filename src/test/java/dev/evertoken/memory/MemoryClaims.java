package dev.evertoken.memory;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Trigger;
import dev.evertoken.memory.MemoryDatabase.Broken;
import dev.evertoken.port.AccountStore.TokenUse;
import dev.evertoken.port.RefreshClaims;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The refresh claims of one node. */
public final class MemoryClaims implements RefreshClaims {

  private static final Comparator<Account> MOST_URGENT =
      Comparator.comparing(
              (Account account) -> account.credentials().expiresAt(),
              Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparingLong(Account::id);

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
    return database.run(() -> write(tokens));
  }

  private Commit write(Tokens tokens) {
    Optional<AccountRow> found =
        database.live(tokens.holder().account(), tokens.holder().incarnation());
    if (found.isEmpty()) {
      return new Commit.Gone();
    }
    AccountRow row = found.get();
    Secret presented = tokens.presented().token();
    Secret came = presented.equals(tokens.refresh().next()) ? null : tokens.refresh().next();
    if (tokens.attempt().equals(row.committedAttempt)) {
      return new Commit.Already(row.view());
    }
    if (!database.broken(Broken.COMMIT_COMPARES_NOTHING)
        && (row.sequence != tokens.presented().sequence()
            || !presented.equals(row.refreshToken)
            || (came == null && !newer(row, tokens)))) {
      return new Commit.Superseded(row.view(), presented.equals(row.parent));
    }
    boolean shared = came != null && heldByAnother(row, came);
    boolean stays = stays(row, tokens, came);
    Instant now = database.now();
    boolean troubled =
        (row.status == AccountStatus.ERROR && !stays)
            || row.benched(BenchCause.REFRESH_FAILED, now)
            || row.benched(BenchCause.OUTCOME_UNKNOWN, now);
    access(row, tokens.access());
    if (came != null) {
      successor(row, presented, came, shared);
    }
    if (tokens.refresh().expiresAt() != null) {
      row.refreshTokenExpiresAt = tokens.refresh().expiresAt();
    }
    row.committedAttempt = tokens.attempt();
    if (row.claimedBy(tokens.attempt())) {
      row.noClaim();
    }
    row.doubt = Doubt.NONE;
    row.reservedUntil = null;
    row.history = FailureHistory.NONE;
    if (!stays) {
      row.error = shared ? shared(tokens) : null;
      if (row.status != AccountStatus.DISABLED) {
        row.status = shared ? AccountStatus.ERROR : AccountStatus.ACTIVE;
      }
    }
    row.notBefore = tokens.next().notBefore();
    row.dueAt = shared ? null : tokens.next().dueAt() == null ? row.dueAt : tokens.next().dueAt();
    row.clearRefreshBenches(now);
    row.lastRefresh = tokens.details().outcome();
    if (tokens.details().projectId() != null) {
      row.projectId = tokens.details().projectId();
    }
    return new Commit.Written(database.changed(row), troubled);
  }

  /** An answer that keeps the refresh token counts if nothing newer was written. */
  private static boolean newer(AccountRow row, Tokens tokens) {
    NewAccess access = tokens.access();
    return row.generation == tokens.presented().generation()
        || (access != null
            && (row.access.expiresAt() == null
                || row.access.expiresAt().isBefore(access.expiresAt())));
  }

  /** The refresh token that this answer keeps was refused after the answer had been asked for. */
  private static boolean stays(AccountRow row, Tokens tokens, @Nullable Secret came) {
    return row.status == AccountStatus.ERROR
        && came == null
        && row.error != null
        && row.error.since().isAfter(tokens.details().outcome().at());
  }

  private boolean heldByAnother(AccountRow row, Secret token) {
    Optional<TokenUse> use = database.useOf(row.platform, token);
    return use.isPresent() && !use.get().spent() && use.get().account() != row.id;
  }

  private static void access(AccountRow row, @Nullable NewAccess access) {
    row.nextGeneration(access == null);
    if (access != null) {
      row.access =
          new AccessToken(
              access.token(),
              access.type(),
              access.expiresAt(),
              access.lifetime(),
              row.access.rejectedGeneration(),
              row.access.rejectedAt());
    }
  }

  private void successor(AccountRow row, Secret presented, Secret came, boolean shared) {
    row.sequence++;
    row.parent = presented;
    database.spend(row, presented);
    row.refreshToken = shared ? null : came;
    if (!shared) {
      database.hold(row, came);
    }
  }

  private static AccountError shared(Tokens tokens) {
    return new AccountError(
        "refresh_token_shared",
        "The provider gave a refresh token that another account holds; authorise this one anew.",
        tokens.details().outcome().at());
  }

  @Override
  public Future<List<Account>> reserveDue(
      Map<String, Integer> room, Duration reservation, Collection<Suspension> closed) {
    return database.run(
        () -> {
          Instant now = database.now();
          Set<AccountRow> page = new LinkedHashSet<>();
          new TreeMap<>(room)
              .forEach(
                  (platform, places) ->
                      due(platform, now, closed).limit(places).forEach(page::add));
          int most = room.values().stream().mapToInt(Integer::intValue).max().orElse(0);
          lapsed(room.keySet(), now).limit(most).forEach(page::add);
          List<Account> reserved = new ArrayList<>();
          for (AccountRow row : page) {
            row.reservedUntil = now.plus(reservation);
            reserved.add(row.view());
          }
          reserved.sort(MOST_URGENT);
          return List.copyOf(reserved);
        });
  }

  private Stream<AccountRow> due(String platform, Instant now, Collection<Suspension> closed) {
    return database
        .live()
        .filter(row -> row.platform.equals(platform) && row.due(now) && open(row, closed))
        .sorted(Comparator.comparing(row -> Objects.requireNonNull(row.dueAt)));
  }

  private Stream<AccountRow> lapsed(Set<String> platforms, Instant now) {
    return database
        .live()
        .filter(row -> platforms.contains(row.platform) && row.status == AccountStatus.ACTIVE)
        .filter(row -> row.lapsed(now) && !AccountRow.after(row.reservedUntil, now))
        .sorted(Comparator.comparing(row -> Objects.requireNonNull(row.claim).until()));
  }

  private static boolean open(AccountRow row, Collection<Suspension> closed) {
    return closed.stream().noneMatch(suspension -> suspension.covers(row.route()));
  }

  @Override
  public Future<Optional<Instant>> nextDue(
      Collection<String> platforms, Collection<Suspension> closed) {
    return database.run(
        () ->
            database
                .live()
                .filter(row -> row.status == AccountStatus.ACTIVE)
                .filter(row -> platforms.contains(row.platform))
                .flatMap(row -> next(row, closed))
                .min(Comparator.naturalOrder()));
  }

  /** Rows that are due but rest, are claimed or reserved count from the end of that. */
  private static Stream<Instant> next(AccountRow row, Collection<Suspension> closed) {
    List<Instant> times = new ArrayList<>();
    Instant lapse = row.claim == null ? null : row.claim.until();
    if (row.dueAt != null && open(row, closed)) {
      times.add(latest(row.dueAt, row.notBefore, row.reservedUntil, lapse));
    }
    if (lapse != null) {
      times.add(latest(lapse, row.reservedUntil));
    }
    return times.stream();
  }

  private static Instant latest(Instant first, @Nullable Instant... others) {
    Instant latest = first;
    for (Instant other : others) {
      latest = other != null && other.isAfter(latest) ? other : latest;
    }
    return latest;
  }
}
