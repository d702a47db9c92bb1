package dev.evertoken.app.refresh;

import dev.evertoken.app.refresh.AttemptEnd.Over;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshClass;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Why an account is not refreshed now, in the words that its callers get. */
final class NoRefresh {

  private NoRefresh() {}

  static AttemptEnd resting(Account row, Instant now) {
    var last = row.lastRefresh();
    Problem problem =
        last == null || last.succeeded()
            ? FailureProblems.of(RefreshClass.TRANSIENT, "it is not tried again yet", row)
            : FailureProblems.adopted(last, row);
    var notBefore = row.credentials().notBefore();
    return Over.failed(
        notBefore == null ? problem : problem.until(notBefore, now),
        last == null ? RefreshClass.TRANSIENT : last.result(),
        row);
  }

  /** What a person has to mend first is not called for, whoever asks. */
  static AttemptEnd notActive(Account seen) {
    AccountError error = seen.error();
    Problem problem =
        error == null
            ? Problem.of(ProblemCode.ACCOUNT_DISABLED, "The account is disabled; enable it first.")
                .about(seen)
            : FailureProblems.of(RefreshClass.PERMANENT, error.detail(), seen);
    return Over.failed(problem, RefreshClass.PERMANENT, seen);
  }

  static Optional<Problem> unusable(Account seen, Optional<Platform> platform) {
    if (platform.isEmpty()) {
      return Optional.of(
          Problem.of(
                  ProblemCode.PROVIDER_UNAVAILABLE,
                  "The platform is not in the providers file of this node.")
              .about(seen));
    }
    if (!platform.get().configured()) {
      return Optional.of(
          Problem.of(
                  ProblemCode.PROVIDER_UNAVAILABLE,
                  "The platform is not configured; set "
                      + String.join(", ", platform.get().missingVariables())
                      + " and restart.")
              .about(seen));
    }
    return Optional.empty();
  }

  static Future<AttemptEnd> refused(Throwable failure, Account seen) {
    if (!(failure instanceof ProblemException expected)) {
      return Future.failedFuture(failure);
    }
    Problem problem = expected.problem();
    RefreshClass result =
        switch (problem.code()) {
          case PROXY_UNAVAILABLE -> RefreshClass.PROXY;
          case NOT_FOUND, STORAGE_UNAVAILABLE, KEY_UNAVAILABLE -> RefreshClass.STORAGE;
          default -> RefreshClass.TRANSIENT; // refused before anything was sent
        };
    return Future.succeededFuture(Over.failed(problem.about(seen), result, seen));
  }

  static RefreshOutcome gone(Account seen) {
    return failed(notFound(), RefreshClass.STORAGE, seen);
  }

  static Problem notFound() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such account.");
  }

  /** A refresh token that may be spent is presented by an operator only when told to. */
  static AttemptEnd inDoubt(Account seen) {
    boolean unreadable = seen.credentials().refresh().doubt().unreadableSince() != null;
    Problem problem =
        FailureProblems.of(
            unreadable ? RefreshClass.UNREADABLE : RefreshClass.OUTCOME_UNKNOWN,
            "presenting it again may end the grant; ask with force=true to do so",
            seen);
    return Over.failed(problem, RefreshClass.OUTCOME_UNKNOWN, seen);
  }

  static Problem shuttingDown() {
    return Problem.of(ProblemCode.SHUTTING_DOWN, "This node is shutting down; ask another one.")
        .withRetryAfter(Duration.ofSeconds(1));
  }

  static RefreshOutcome failed(Problem problem, RefreshClass result, Account account) {
    return new RefreshOutcome.Failed(problem, result, account);
  }
}
