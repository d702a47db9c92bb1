package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RefreshClass;
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
                  ProblemCode.PROVIDER_UNAVAILABLE, "The token endpoint is left alone" + why);
          case PROXY -> Problem.of(ProblemCode.PROXY_UNAVAILABLE, "The proxy failed" + why);
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

  /** The problem of the refresh that somebody else ran. */
  static Problem adopted(LastRefresh last, Account account) {
    return of(last.result(), last.detail(), account);
  }
}
