package dev.evertoken.app.refresh;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Settlement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a caller is told of a refresh that failed, by its class. */
final class FailureProblems {

  private FailureProblems() {}

  static Problem of(RefreshClass result, @Nullable String detail, Account account) {
    String why = detail == null || detail.isBlank() ? "." : ": " + detail;
    Problem problem =
        switch (result) {
          case PERMANENT ->
              Problem.of(
                  ProblemCode.REAUTHORIZATION_REQUIRED,
                  "A person must authorise the account again" + why);
          case PROVIDER_CONFIG ->
              Problem.of(
                  ProblemCode.PROVIDER_UNAVAILABLE,
                  "The client settings of the platform were refused" + why);
          case THROTTLED ->
              Problem.of(
                  ProblemCode.PROVIDER_UNAVAILABLE, "The token endpoint asked for a pause" + why);
          case PROXY -> Problem.of(ProblemCode.PROXY_UNAVAILABLE, "The proxy failed" + why);
          case SETTINGS ->
              Problem.of(
                  ProblemCode.PROVIDER_UNAVAILABLE, "The settings forbid this refresh" + why);
          case DRAINING -> NoRefresh.shuttingDown();
          case UNREADABLE ->
              Problem.of(
                  ProblemCode.OUTCOME_UNKNOWN,
                  "The provider's answer is kept and cannot be read" + why);
          case OUTCOME_UNKNOWN ->
              Problem.of(
                  ProblemCode.OUTCOME_UNKNOWN,
                  "It is not known whether the refresh token was spent" + why);
          case STORAGE ->
              Problem.of(ProblemCode.STORAGE_UNAVAILABLE, "The storage cannot be used" + why);
          case TRANSIENT, SUCCESS ->
              Problem.of(ProblemCode.REFRESH_FAILED, "The refresh failed" + why);
        };
    return problem.about(account);
  }

  /** The problem of a refresh that was written so, with when to come back. */
  static Problem of(Settlement settlement, Account row, Instant now) {
    LastRefresh outcome = settlement.outcome();
    return switch (settlement.mark()) {
      case Mark.Failed failed -> of(RefreshClass.PERMANENT, failed.error().detail(), row);
      case Mark.Benched benched -> benched(of(outcome, row), benched.bench(), now);
      case Mark.Unknown unknown ->
          unknown.bench() == null
              ? until(of(outcome, row), settlement.next(), now)
              : benched(of(outcome, row), unknown.bench(), now);
      case Mark.Unreadable unreadable -> of(outcome, row).withCause(BenchCause.OUTCOME_UNKNOWN);
      case Mark.None none -> until(of(outcome, row), settlement.next(), now);
    };
  }

  private static Problem of(LastRefresh outcome, Account row) {
    return of(outcome.result(), outcome.detail(), row);
  }

  private static Problem benched(Problem problem, Bench bench, Instant now) {
    return problem.withCause(bench.cause()).until(bench.until(), now);
  }

  private static Problem until(Problem problem, Next next, Instant now) {
    Instant due = next.dueAt();
    return due == null || !due.isAfter(now) ? problem : problem.until(due, now);
  }

  /** The problem of the refresh that another node ran. */
  static Problem adopted(LastRefresh last, Account account) {
    return of(last.result(), last.detail(), account);
  }
}
