package dev.evertoken.app.refresh;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.app.refresh.AttemptEnd.Again;
import dev.evertoken.app.refresh.AttemptEnd.Over;
import dev.evertoken.app.route.ClientBlame;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Settlement;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a refresh that brought no token: writes its class and what follows from it under the claim,
 * and tells of it (semantics, section 3, the table).
 */
final class FailedRefreshWriter {

  private static final Logger LOG = LoggerFactory.getLogger(FailedRefreshWriter.class);
  private static final Backoff STORAGE_AWAY =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));
  private static final int MOST_REPEATS = 10;

  /** For how long an account with an unread answer and no valid token is shown as benched. */
  private static final Duration UNREADABLE_SHOWN = Duration.ofDays(365);

  private final Claimed claimed;
  private final Engine engine;
  private final Account account;
  private final Platform platform;
  private final Announcements announcements;

  FailedRefreshWriter(Claimed claimed) {
    this.claimed = claimed;
    this.engine = claimed.engine();
    this.account = claimed.account();
    this.platform = claimed.platform();
    this.announcements = engine.announcements();
  }

  Future<AttemptEnd> noRefreshToken() {
    return permanent("refresh_token_missing", "the account has no refresh token");
  }

  /** The grant is gone: {@code error}, until a person authorises again. */
  Future<AttemptEnd> permanent(String code, String detail) {
    Mark mark = new Mark.Failed(new AccountError(code, detail, engine.now()));
    return settle(RefreshClass.PERMANENT, detail, Next.AS_IT_WAS, mark, FailureHistory.NONE);
  }

  /** Our client was refused. */
  Future<AttemptEnd> config(String code, ClientBlame.Fault fault, FailureHistory history) {
    String detail = "the provider answered " + code;
    Instant until = engine.now().plus(engine.settings().benchDuration());
    return switch (fault) {
      case PLATFORM ->
          settle(RefreshClass.PROVIDER_CONFIG, detail, dueNow(), new Mark.None(), unchanged());
      case ACCOUNT ->
          settle(
              RefreshClass.PROVIDER_CONFIG,
              detail,
              Next.AS_IT_WAS,
              new Mark.Failed(new AccountError(code, detail, engine.now())),
              history);
      case OPEN ->
          settle(
              RefreshClass.PROVIDER_CONFIG,
              detail,
              new Next(until, until),
              new Mark.Benched(
                  bench(BenchCause.REFRESH_FAILED, until, detail, ClientBlame.label(account))),
              history);
    };
  }

  /** The account waits, and is not marked. */
  Future<AttemptEnd> throttled(Duration wait, FailureHistory history) {
    Instant until = engine.now().plus(wait);
    return settle(
        RefreshClass.THROTTLED,
        "the provider answered 429",
        new Next(until, until),
        new Mark.None(),
        history);
  }

  /**
   * The proxy is at fault, and the account is not marked: it is due as soon as the proxy is back.
   */
  Future<AttemptEnd> proxy(String why, boolean suspended) {
    Instant again = engine.now().plus(platform.breaker().resetTimeout());
    return settle(
        RefreshClass.PROXY,
        why,
        suspended ? dueNow() : new Next(null, again),
        new Mark.None(),
        unchanged());
  }

  /** The proxy of the account is missing or disabled: it is never gone round (law 10). */
  Future<AttemptEnd> proxyMissing() {
    Problem problem =
        Problem.of(
                ProblemCode.PROXY_MISSING,
                "The proxy of the account is missing or disabled; give it another one.")
            .about(account);
    Instant again = engine.now().plus(engine.settings().benchDuration());
    return settle(
            RefreshClass.PROXY,
            "the proxy is missing or disabled",
            new Next(null, again),
            new Mark.None(),
            unchanged())
        .map(end -> withProblem(end, problem));
  }

  private static AttemptEnd withProblem(AttemptEnd end, Problem problem) {
    return end instanceof Over over && over.outcome() instanceof RefreshOutcome.Failed failed
        ? Over.failed(problem, failed.result(), failed.account())
        : end;
  }

  /** The route is suspended: the account is not benched, and due again when the route is back. */
  Future<AttemptEnd> outage(String why, FailureHistory history) {
    return settle(RefreshClass.TRANSIENT, why, dueNow(), new Mark.None(), history);
  }

  /** The attempts are used up: the account sits out. */
  Future<AttemptEnd> benched(String why, Duration length, FailureHistory history) {
    Instant until = engine.now().plus(length);
    String outage = history.own() ? null : account.route().label();
    return settle(
        RefreshClass.TRANSIENT,
        why,
        new Next(until, until),
        new Mark.Benched(bench(BenchCause.REFRESH_FAILED, until, why, outage)),
        history);
  }

  /** It is not known whether the refresh token was spent (semantics, section 3, step 9). */
  Future<AttemptEnd> unknown(String why, FailureHistory history) {
    Instant next = Waits.nextTry(platform, account.credentials(), engine.now());
    Bench bench =
        valid() || !next.isAfter(engine.now())
            ? null
            : bench(BenchCause.OUTCOME_UNKNOWN, next, why, null);
    return settle(
        RefreshClass.OUTCOME_UNKNOWN, why, new Next(next, next), new Mark.Unknown(bench), history);
  }

  /** The answer is in escrow and nobody can read it: nothing is presented by itself any more. */
  Future<AttemptEnd> unreadable(String why, FailureHistory history) {
    LOG.atWarn()
        .addKeyValue("account", account.id())
        .addKeyValue("platform", account.platform())
        .addKeyValue("attempt", claimed.attempt())
        .addKeyValue("cause", why)
        .addKeyValue("trace_id", claimed.request().traceId())
        .log("answer_unreadable");
    Bench bench =
        valid()
            ? null
            : bench(BenchCause.OUTCOME_UNKNOWN, engine.now().plus(UNREADABLE_SHOWN), why, null);
    return settle(
        RefreshClass.UNREADABLE, why, Next.AS_IT_WAS, new Mark.Unreadable(bench), history);
  }

  /** The address is forbidden by our own settings. */
  Future<AttemptEnd> denied(String why) {
    Instant again = engine.now().plus(engine.settings().benchDuration());
    return settle(RefreshClass.SETTINGS, why, new Next(null, again), new Mark.None(), unchanged());
  }

  /** This process ran out of something: nobody is marked. */
  Future<AttemptEnd> ourselves(String why) {
    return released(
        Problem.of(ProblemCode.OVERLOADED, "This node cannot open a connection: " + why + ".")
            .withRetryAfter(Duration.ofSeconds(5)));
  }

  /** This node is being stopped: what failed is tried by another one. */
  Future<AttemptEnd> draining(String why) {
    return settle(RefreshClass.DRAINING, why, dueNow(), new Mark.None(), unchanged());
  }

  /** Nothing was sent, for a reason of our own: the claim is given back and nobody is marked. */
  Future<AttemptEnd> released(Problem problem) {
    Problem about = problem.about(account);
    RefreshClass result = about.code().ofStorage() ? RefreshClass.STORAGE : RefreshClass.TRANSIENT;
    return engine
        .claims()
        .release(account.id(), claimed.attempt())
        .transform(released -> Future.succeededFuture(Over.failed(about, result, account)));
  }

  private Future<AttemptEnd> settle(
      RefreshClass result, String detail, Next next, Mark mark, FailureHistory history) {
    Settlement settlement =
        new Settlement(
            account.id(),
            claimed.attempt(),
            account.generation(),
            claimed.outcome(result, detail),
            next,
            mark,
            history);
    return engine
        .claims()
        .settle(settlement)
        .map(row -> settled(row, settlement))
        .recover(failure -> settleLater(settlement, failure));
  }

  private AttemptEnd settled(Optional<Account> row, Settlement settlement) {
    if (row.isEmpty()) {
      return new Again();
    }
    FailureNotices.tell(announcements, row.get(), settlement);
    Problem problem = FailureProblems.of(settlement, row.get(), engine.now());
    return Over.failed(problem, settlement.outcome().result(), row.get());
  }

  /** PostgreSQL is away: callers get the outcome now, and it is written as soon as it can be. */
  private Future<AttemptEnd> settleLater(Settlement settlement, Throwable failure) {
    if (!(failure instanceof ProblemException)) {
      return Future.failedFuture(failure);
    }
    repeat(settlement, 0);
    Problem problem = FailureProblems.of(settlement, account, engine.now());
    return Future.succeededFuture(Over.failed(problem, settlement.outcome().result(), account));
  }

  private void repeat(Settlement settlement, int tried) {
    if (tried > MOST_REPEATS) {
      return;
    }
    engine
        .clock()
        .scheduler()
        .pause(STORAGE_AWAY.jittered(tried, engine.clock().nanos()).plusMillis(1))
        .compose(waited -> engine.claims().settle(settlement))
        .compose(row -> row.isPresent() ? Future.succeededFuture(row) : writtenBefore())
        .onSuccess(
            row -> row.ifPresent(after -> FailureNotices.tell(announcements, after, settlement)))
        .onFailure(failure -> repeat(settlement, tried + 1));
  }

  /** The write whose confirmation was lost may have taken effect: then it is told now. */
  private Future<Optional<Account>> writtenBefore() {
    return engine
        .stores()
        .accounts()
        .find(account.id())
        .map(row -> row.filter(after -> isOurs(after.lastRefresh())));
  }

  private boolean isOurs(@Nullable LastRefresh last) {
    return last != null && last.attempt().equals(claimed.attempt());
  }

  private boolean valid() {
    return account.credentials().validAt(engine.now());
  }

  private FailureHistory unchanged() {
    return account.credentials().history();
  }

  private Next dueNow() {
    return new Next(null, engine.now());
  }

  private Bench bench(BenchCause cause, Instant until, String why, @Nullable String outage) {
    return new Bench(cause, until, why, engine.now(), claimed.request().trigger(), outage);
  }
}
