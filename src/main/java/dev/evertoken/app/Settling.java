package dev.evertoken.app;

import dev.evertoken.app.RefreshStage.Again;
import dev.evertoken.app.RefreshStage.Done;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.RefreshClaims.Settlement;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a refresh that brought no token: writes its class and what follows from it under the claim,
 * and tells of it (semantics, section 3, the table).
 */
final class Settling {

  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
  private static final Backoff AFTER_UNKNOWN =
      new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(15));
  private static final Backoff STORAGE_AWAY =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));

  /** How the outcome of the run that is settled is described. */
  interface Outcomes {
    LastRefresh of(RefreshClass result, @Nullable String detail);
  }

  /** What is written besides the outcome. */
  private record Effects(
      @Nullable Instant notBefore,
      @Nullable Instant dueAt,
      @Nullable AccountError error,
      @Nullable Bench bench,
      boolean unknown) {

    static Effects dueAgain(Instant at) {
      return new Effects(null, at, null, null, false);
    }
  }

  private final RefreshParts parts;
  private final Platform platform;
  private final Account account;
  private final UUID attempt;
  private final Outcomes outcomes;

  Settling(
      RefreshParts parts, Platform platform, Account account, UUID attempt, Outcomes outcomes) {
    this.parts = parts;
    this.platform = platform;
    this.account = account;
    this.attempt = attempt;
    this.outcomes = outcomes;
  }

  /** The grant is gone: {@code error}, until a person authorises again. */
  Future<RefreshStage> permanent(String code, String detail) {
    AccountError error = new AccountError(code, detail, now());
    return settle(RefreshClass.PERMANENT, detail, new Effects(null, null, error, null, false));
  }

  /** Our client was refused: the platform is suspended, the account is not marked. */
  Future<RefreshStage> config(String code) {
    return settle(
        RefreshClass.PROVIDER_CONFIG,
        "the provider answered " + code,
        Effects.dueAgain(now().plus(platform.breaker().resetTimeout())));
  }

  Future<RefreshStage> throttled(Duration wait) {
    return settle(
        RefreshClass.THROTTLED, "the provider answered 429", Effects.dueAgain(now().plus(wait)));
  }

  Future<RefreshStage> proxy(String why) {
    return settle(
        RefreshClass.PROXY, why, Effects.dueAgain(now().plus(platform.breaker().resetTimeout())));
  }

  /** The proxy of the account is missing or disabled: it is never gone round (law 10). */
  Future<RefreshStage> proxyMissing() {
    Problem problem =
        Problem.of(
                ProblemCode.PROXY_MISSING,
                "The proxy of the account is missing or disabled; give it another one.")
            .about(account);
    return settle(
            RefreshClass.PROXY,
            "the proxy is missing or disabled",
            Effects.dueAgain(now().plus(parts.settings().benchDuration())))
        .map(
            stage ->
                stage instanceof Done done && done.outcome() instanceof RefreshOutcome.Failed failed
                    ? Done.failed(problem, RefreshClass.PROXY, failed.account())
                    : stage);
  }

  /** The provider is down for all: the route is left alone, the account is not benched (law 7). */
  Future<RefreshStage> outage(String why) {
    return settle(
        RefreshClass.TRANSIENT,
        why,
        Effects.dueAgain(now().plus(platform.breaker().resetTimeout())));
  }

  /** The attempts are used up: the account sits out. */
  Future<RefreshStage> benched(String why) {
    Instant until = now().plus(parts.settings().benchDuration());
    Bench bench = bench(BenchCause.REFRESH_FAILED, until, why);
    return settle(RefreshClass.TRANSIENT, why, new Effects(until, until, null, bench, false));
  }

  /** It is not known whether the refresh token was spent (semantics, section 3, step 9). */
  Future<RefreshStage> unknown(String why) {
    Instant next = nextTry(platform, account.credentials(), now());
    boolean valid = account.credentials().validAt(now());
    Bench bench =
        valid || !next.isAfter(now()) ? null : bench(BenchCause.OUTCOME_UNKNOWN, next, why);
    return settle(RefreshClass.OUTCOME_UNKNOWN, why, new Effects(next, next, null, bench, true));
  }

  /**
   * When a refresh token of unknown standing is tried next: once near the end of the token that is
   * still valid, at once if none is, and after that with a back-off.
   */
  static Instant nextTry(Platform platform, Credentials credentials, Instant now) {
    if (credentials.unknownSince() != null) {
      return now.plus(AFTER_UNKNOWN.exactly(Math.max(0, credentials.unknownTries() - 1)));
    }
    Instant expiresAt = credentials.expiresAt();
    if (expiresAt == null || !credentials.validAt(now)) {
      return now;
    }
    Instant nearEnd = expiresAt.minus(platform.margins(credentials.lifetime()).skew());
    return nearEnd.isBefore(now) ? now : nearEnd;
  }

  /** Nothing was sent, for a reason of our own: the claim is given back and nobody is marked. */
  Future<RefreshStage> unsent(ProblemException failure) {
    Problem problem = failure.problem().about(account);
    RefreshClass result =
        problem.code().ofStorage() ? RefreshClass.STORAGE : RefreshClass.THROTTLED;
    parts.claims().release(account.id(), attempt).onFailure(this::releaseFailed);
    return Future.succeededFuture(Done.failed(problem, result, account));
  }

  private Future<RefreshStage> settle(RefreshClass result, String detail, Effects effects) {
    LastRefresh outcome = outcomes.of(result, detail);
    Settlement settlement =
        new Settlement(
            account.id(),
            attempt,
            account.generation(),
            outcome,
            effects.notBefore(),
            effects.dueAt(),
            effects.error(),
            effects.bench(),
            effects.unknown());
    Problem problem = FailureProblems.of(result, detail, account);
    return parts
        .claims()
        .settle(settlement)
        .compose(row -> settled(row, problem, outcome, effects))
        .recover(failure -> settleLater(settlement, problem, result, effects, failure));
  }

  private Future<RefreshStage> settled(
      Optional<Account> row, Problem problem, LastRefresh outcome, Effects effects) {
    if (row.isEmpty()) {
      return Future.succeededFuture(new Again(account));
    }
    announce(row.get(), effects, outcome);
    return Future.succeededFuture(
        Done.failed(withEnd(problem, effects), outcome.result(), row.get()));
  }

  /** PostgreSQL is away: who waits gets the outcome now, and it is written as soon as it can be. */
  private Future<RefreshStage> settleLater(
      Settlement settlement,
      Problem problem,
      RefreshClass result,
      Effects effects,
      Throwable failure) {
    if (!(failure instanceof ProblemException)) {
      return Future.failedFuture(failure);
    }
    repeat(settlement, effects, 0);
    return Future.succeededFuture(Done.failed(problem, result, account));
  }

  private void repeat(Settlement settlement, Effects effects, int tried) {
    Duration spent = STORAGE_AWAY.exactly(tried);
    if (tried > 10) {
      return;
    }
    parts
        .vertx()
        .timer(spent.toMillis(), TimeUnit.MILLISECONDS)
        .compose(waited -> parts.claims().settle(settlement))
        .onSuccess(row -> row.ifPresent(after -> announce(after, effects, settlement.outcome())))
        .onFailure(failure -> repeat(settlement, effects, tried + 1));
  }

  private void announce(Account row, Effects effects, LastRefresh outcome) {
    Map<String, String> facts =
        Map.of("class", WireName.of(outcome.result()), "trigger", WireName.of(outcome.trigger()));
    AccountError error = effects.error();
    Bench bench = effects.bench();
    Announcements told = parts.announcements();
    if (error != null) {
      told.changedHere(row, Notice.Type.ERROR, null, error.detail(), "account.failed", facts);
    } else if (bench != null) {
      told.changedHere(
          row,
          Notice.Type.TEMP_UNSCHED_SET,
          bench.cause(),
          bench.reason(),
          "account.benched",
          facts);
    } else {
      String why = outcome.detail() == null ? "the refresh failed" : outcome.detail();
      told.changedHere(row, Notice.Type.CHANGED, null, why, "account.refresh_failed", facts);
    }
  }

  private Problem withEnd(Problem problem, Effects effects) {
    Bench bench = effects.bench();
    if (bench != null) {
      return problem.withCause(bench.cause()).until(bench.until(), now());
    }
    Instant due = effects.dueAt();
    return due == null || !due.isAfter(now()) ? problem : problem.until(due, now());
  }

  private Bench bench(BenchCause cause, Instant until, String why) {
    LastRefresh outcome = outcomes.of(RefreshClass.TRANSIENT, why);
    return new Bench(cause, until, why, now(), outcome.trigger(), account.route().label());
  }

  private void releaseFailed(Throwable failure) {
    LOG.atInfo()
        .addKeyValue("account", account.id())
        .addKeyValue("attempt", attempt)
        .log("claim_left_to_lapse");
  }

  private Instant now() {
    return parts.time().instant();
  }
}
