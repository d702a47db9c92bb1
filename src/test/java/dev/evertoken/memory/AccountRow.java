package dev.evertoken.memory;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Benches;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshSchedule;
import dev.evertoken.domain.RefreshTokenState;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.ReportRule;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One row of the table of accounts, as its statements change it. */
final class AccountRow {

  final long id;
  final UUID incarnation;
  final String platform;
  final AccountType type;
  final Instant createdAt;

  String name = "";
  AccountStatus status = AccountStatus.ACTIVE;
  @Nullable AccountError error;
  boolean paused;
  int priority;
  List<String> pools = List.of();
  @Nullable Long proxyId;
  @Nullable String projectId;
  @Nullable Instant projectNotBefore;
  @Nullable String email;
  List<ReportRule> rules = List.of();
  long revision = 1;
  long changedXid;
  Instant updatedAt;
  @Nullable Instant deletedAt;

  long generation = 1;
  AccessToken access = AccessToken.NONE;
  @Nullable Secret refreshToken;
  long sequence = 1;
  @Nullable Instant refreshTokenExpiresAt;
  @Nullable Instant refreshTokenIdleAt;
  int refreshEndTold;
  Doubt doubt = Doubt.NONE;
  @Nullable Secret apiKey;
  @Nullable Instant dueAt;
  @Nullable Instant notBefore;
  @Nullable Instant forcedAt;
  @Nullable Instant reservedUntil;
  FailureHistory history = FailureHistory.NONE;
  @Nullable LastRefresh lastRefresh;

  @Nullable Claim claim;
  Trigger claimTrigger = Trigger.REQUEST;
  long claimSequence;
  @Nullable UUID committedAttempt;

  /** The refresh token that was presented for the one here, if a refresh brought it. */
  @Nullable Secret parent;

  Map<BenchCause, Bench> benches = new EnumMap<>(BenchCause.class);
  Map<BenchCause, Instant> benchCleared = new EnumMap<>(BenchCause.class);

  private @Nullable Account shown;

  AccountRow(long id, UUID incarnation, String platform, AccountType type, Instant now) {
    this.id = id;
    this.incarnation = incarnation;
    this.platform = platform;
    this.type = type;
    this.createdAt = now;
    this.updatedAt = now;
  }

  AccountRow copy() {
    AccountRow copy = new AccountRow(id, incarnation, platform, type, createdAt);
    copy.name = name;
    copy.status = status;
    copy.error = error;
    copy.paused = paused;
    copy.priority = priority;
    copy.pools = pools;
    copy.proxyId = proxyId;
    copy.projectId = projectId;
    copy.projectNotBefore = projectNotBefore;
    copy.email = email;
    copy.rules = rules;
    copy.revision = revision;
    copy.changedXid = changedXid;
    copy.updatedAt = updatedAt;
    copy.deletedAt = deletedAt;
    copy.generation = generation;
    copy.access = access;
    copy.refreshToken = refreshToken;
    copy.sequence = sequence;
    copy.refreshTokenExpiresAt = refreshTokenExpiresAt;
    copy.refreshTokenIdleAt = refreshTokenIdleAt;
    copy.refreshEndTold = refreshEndTold;
    copy.doubt = doubt;
    copy.apiKey = apiKey;
    copy.dueAt = dueAt;
    copy.notBefore = notBefore;
    copy.forcedAt = forcedAt;
    copy.reservedUntil = reservedUntil;
    copy.history = history;
    copy.lastRefresh = lastRefresh;
    copy.claim = claim;
    copy.claimTrigger = claimTrigger;
    copy.claimSequence = claimSequence;
    copy.committedAttempt = committedAttempt;
    copy.parent = parent;
    copy.benches = new EnumMap<>(benches);
    copy.benchCleared = new EnumMap<>(benchCleared);
    return copy;
  }

  boolean live() {
    return deletedAt == null;
  }

  boolean is(UUID wanted) {
    return live() && incarnation.equals(wanted);
  }

  boolean claimedBy(UUID attempt) {
    return live() && claim != null && claim.attempt().equals(attempt);
  }

  boolean lapsed(Instant now) {
    return claim != null && claim.lapsedAt(now);
  }

  /** Whether the background may take it in hand. */
  boolean due(Instant now) {
    return live()
        && status == AccountStatus.ACTIVE
        && !unreadable()
        && !after(dueAt == null ? Instant.MAX : dueAt, now)
        && !after(reservedUntil, now)
        && !after(notBefore, now)
        && (claim == null || lapsed(now));
  }

  /** Whether it could refresh and does not fail for reasons of its own. */
  boolean refreshable() {
    return live() && status == AccountStatus.ACTIVE && refreshToken != null && !failsByItself();
  }

  boolean failsByItself() {
    return history.own() && (lastRefresh == null || !lastRefresh.succeeded());
  }

  /** An answer that nobody can read lies in an escrow. */
  boolean unreadable() {
    return doubt.unreadableSince() != null && doubt.unknownSince() != null;
  }

  /** What is refused upstream stays so, whatever generation follows. */
  void nextGeneration(boolean sameAccess) {
    Long rejected = access.rejectedGeneration();
    if (sameAccess && rejected != null && rejected >= generation) {
      access =
          new AccessToken(
              access.value(),
              access.type(),
              access.expiresAt(),
              access.lifetime(),
              generation + 1,
              access.rejectedAt());
    }
    generation++;
  }

  Route route() {
    return new Route(platform, proxyId);
  }

  static boolean after(@Nullable Instant time, Instant now) {
    return time != null && time.isAfter(now);
  }

  /** A bench moves its end later, and is not set by evidence of before its last clear. */
  boolean bench(Bench bench, Instant evidence, Instant now) {
    Bench had = benches.get(bench.cause());
    Instant cleared = benchCleared.get(bench.cause());
    if ((had != null && !had.until().isBefore(bench.until()))
        || (cleared != null && !cleared.isBefore(evidence))) {
      return false;
    }
    Instant since = had != null && had.activeAt(now) ? had.since() : bench.since();
    benches.put(
        bench.cause(),
        new Bench(
            bench.cause(), bench.until(), bench.reason(), since, bench.trigger(), bench.route()));
    return true;
  }

  boolean benched(BenchCause cause, Instant now) {
    Bench bench = benches.get(cause);
    return bench != null && bench.activeAt(now);
  }

  void clear(BenchCause cause, Instant now) {
    benches.remove(cause);
    benchCleared.put(cause, now);
  }

  void clearRefreshBenches(Instant now) {
    clear(BenchCause.REFRESH_FAILED, now);
    clear(BenchCause.OUTCOME_UNKNOWN, now);
  }

  /** With {@code refresh_failed} goes the rest that its failure ordered, not that of a doubt. */
  void endRest(Instant now) {
    if (doubt.unknownSince() != null) {
      return;
    }
    notBefore = null;
    if (refreshToken != null && (dueAt == null || dueAt.isAfter(now))) {
      dueAt = now;
    }
  }

  void noClaim() {
    claim = null;
  }

  void forgetView() {
    shown = null;
  }

  Account view() {
    Account account = shown;
    if (account == null) {
      account = build();
      shown = account;
    }
    return account;
  }

  private RefreshTokenState state() {
    return new RefreshTokenState(
        refreshToken != null, sequence, refreshTokenExpiresAt, refreshTokenIdleAt, doubt);
  }

  /** Which mark before its end the refresh token has passed: 0 none, 1 seven days, 2 one day. */
  int endMark(Instant now) {
    Instant end = state().endsAt();
    if (end == null || end.isAfter(now.plus(Duration.ofDays(7)))) {
      return 0;
    }
    return end.isAfter(now.plus(Duration.ofDays(1))) ? 1 : 2;
  }

  /** What was told of an end that moves: a later one is told of again. */
  void endsMoved(@Nullable Instant expiresAt, @Nullable Instant idleAt, Instant now) {
    refreshTokenExpiresAt = expiresAt;
    refreshTokenIdleAt = idleAt;
    refreshEndTold = Math.min(refreshEndTold, endMark(now));
  }

  private Account build() {
    Credentials credentials =
        new Credentials(
            generation,
            access,
            state(),
            apiKey,
            new RefreshSchedule(dueAt, notBefore, forcedAt),
            claim,
            history);
    return new Account(
        id,
        incarnation,
        platform,
        type,
        name,
        status,
        error,
        paused,
        priority,
        pools,
        proxyId,
        projectId,
        projectNotBefore,
        email,
        revision,
        credentials,
        new Benches(List.copyOf(benches.values())),
        lastRefresh,
        createdAt,
        updatedAt,
        rules);
  }
}
