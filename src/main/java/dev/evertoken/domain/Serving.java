package dev.evertoken.domain;

import dev.evertoken.domain.TokenRules.OnLockHeld;
import dev.evertoken.domain.Verdict.Reason;
import dev.evertoken.domain.Verdict.Refresh;
import dev.evertoken.domain.Verdict.Refuse;
import dev.evertoken.domain.Verdict.Serve;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a token request is answered (semantics, sections 1 and 2), for one platform at
 * one time.
 *
 * @param suspended why the account's way upstream is left alone, or null
 */
public record Serving(Platform platform, Instant now, @Nullable Suspension suspended) {

  private static final Warning RUNNING =
      new Warning(Warning.Code.REFRESH_RUNNING, "The refresh goes on.");

  /** Decides on the account as one revision shows it. */
  public Verdict decide(Account account, TokenOptions options) {
    Optional<Problem> refusal = refusal(account, options);
    if (refusal.isPresent()) {
      return new Refuse(refusal.get());
    }
    if (account.type() == AccountType.UPSTREAM) {
      return staticKey(account);
    }
    Credentials credentials = account.credentials();
    Duration left = credentials.leftAt(now);
    Duration skew = platform.margins(credentials.lifetime()).skew();
    Optional<Reason> reason = reasonToRefresh(account, options, left, skew);
    if (reason.isEmpty()) {
      return new Serve(answer(account, List.of()), due(account) && refreshable(account));
    }
    if (refreshable(account)) {
      return new Refresh(reason.get());
    }
    return fallback(account, options, resting(account));
  }

  /**
   * The answer when a refresh failed, cannot start or takes too long: the token that is still valid
   * (law 2), unless the caller refused it, or the platform's policy is to return the error inside
   * the skew.
   */
  public Verdict fallback(Account account, TokenOptions options, Problem problem) {
    Optional<Problem> refusal = refusal(account, options);
    if (refusal.isPresent()) {
      return new Refuse(refusal.get());
    }
    Credentials credentials = account.credentials();
    if (!credentials.validAt(now) || refused(account, options)) {
      return new Refuse(problem);
    }
    Duration left = credentials.leftAt(now);
    boolean insideSkew = left.compareTo(platform.margins(credentials.lifetime()).skew()) <= 0;
    if (insideSkew && platform.refresh().onError() == OnError.RETURN) {
      return new Refuse(problem);
    }
    return new Serve(answer(account, List.of(failureWarning(problem))), false);
  }

  /**
   * The answer of a valid token, with the warnings that the account itself calls for and those
   * given.
   */
  public TokenAnswer answer(Account account, List<Warning> more) {
    Credentials credentials = account.credentials();
    Secret token = credentials.accessToken();
    Instant expiresAt = credentials.expiresAt();
    if (token == null || expiresAt == null) {
      throw new IllegalStateException("no token to answer");
    }
    List<Warning> warnings = warnings(account);
    for (Warning warning : more) {
      if (warnings.stream().noneMatch(had -> had.code() == warning.code())) {
        warnings.add(warning);
      }
    }
    boolean endless = expiresAt.equals(Credentials.NEVER);
    TokenState state =
        due(account) || !more.isEmpty() || failing(account) ? TokenState.STALE : TokenState.FRESH;
    return new TokenAnswer(
        token,
        credentials.access().type(),
        endless ? null : expiresAt,
        account,
        state,
        endless ? null : refreshAfter(account, expiresAt),
        warnings);
  }

  /**
   * The answer while somebody else refreshes, where the platform lets callers use the token that is
   * still valid; empty: they wait.
   */
  public Optional<Serve> meanwhile(Account account, TokenOptions options) {
    boolean usable =
        platform.tokenRules().onLockHeld() == OnLockHeld.USE_EXISTING
            && refusal(account, options).isEmpty()
            && account.credentials().validAt(now)
            && !refused(account, options);
    return usable
        ? Optional.of(new Serve(answer(account, List.of(RUNNING)), false))
        : Optional.empty();
  }

  /** Whether a refresh of the account may start now on behalf of a caller. */
  public boolean refreshable(Account account) {
    Credentials credentials = account.credentials();
    return account.type() == AccountType.OAUTH
        && credentials.unreadableSince() == null
        && account.status() == AccountStatus.ACTIVE
        && account.benches().active(BenchCause.REFRESH_FAILED, now).isEmpty()
        && account.benches().active(BenchCause.OUTCOME_UNKNOWN, now).isEmpty()
        && (credentials.notBefore() == null || !now.isBefore(credentials.notBefore()));
  }

  private static boolean refused(Account account, TokenOptions options) {
    return options.ifGenerationNot() != null
        && options.ifGenerationNot() == account.credentials().generation();
  }

  private Optional<Problem> refusal(Account account, TokenOptions options) {
    if (options.platform() != null && !options.platform().equals(account.platform())) {
      return Optional.of(
          Problem.field(ProblemCode.INVALID, "/platform", "the account is of another platform")
              .about(account));
    }
    if (account.status() == AccountStatus.DISABLED) {
      return Optional.of(
          Problem.of(ProblemCode.ACCOUNT_DISABLED, "The account is disabled; enable it first.")
              .about(account));
    }
    if (options.includeBenched()) {
      return Optional.empty();
    }
    return account.benches().withholding(now).map(bench -> benched(account, bench));
  }

  private Verdict staticKey(Account account) {
    Secret key = account.credentials().apiKey();
    if (key == null || key.isBlank()) {
      return new Refuse(
          Problem.field(
                  ProblemCode.INVALID,
                  "/credentials/api_key",
                  "the account has no api_key; set one with PATCH")
              .about(account));
    }
    return new Serve(
        new TokenAnswer(key, "ApiKey", null, account, TokenState.FRESH, null, standing(account)),
        false);
  }

  private Optional<Reason> reasonToRefresh(
      Account account, TokenOptions options, Duration left, Duration skew) {
    Credentials credentials = account.credentials();
    if (refused(account, options) && credentials.validAt(now)) {
      return Optional.of(Reason.REJECTED_BY_CALLER);
    }
    if (!credentials.validAt(now) || left.compareTo(skew) <= 0) {
      return Optional.of(Reason.ENDING);
    }
    if (options.minTtl() != null && left.compareTo(options.minTtl()) < 0) {
      return Optional.of(Reason.TOO_SHORT);
    }
    return Optional.empty();
  }

  /**
   * The refusal of a demand that no refresh of this account can meet, judged by its last lifetime.
   */
  public Optional<Problem> unattainable(Account account, TokenOptions options) {
    Duration lifetime = account.credentials().lifetime();
    if (options.minTtl() == null || lifetime == null || account.type() == AccountType.UPSTREAM) {
      return Optional.empty();
    }
    Duration most = lifetime.minus(platform.margins(lifetime).safetyMargin());
    if (options.minTtl().compareTo(most) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        Problem.field(
                ProblemCode.INVALID,
                "/min_ttl",
                "a token of this account lives " + most.toSeconds() + " seconds at most")
            .about(account));
  }

  private boolean due(Account account) {
    Instant expiresAt = account.credentials().expiresAt();
    return expiresAt != null && !now.isBefore(refreshAfter(account, expiresAt));
  }

  private Instant refreshAfter(Account account, Instant expiresAt) {
    return expiresAt.minus(platform.margins(account.credentials().lifetime()).window());
  }

  private boolean failing(Account account) {
    return account.status() == AccountStatus.ERROR
        || account.benches().active(BenchCause.REFRESH_FAILED, now).isPresent()
        || account.credentials().unknownSince() != null;
  }

  private List<Warning> warnings(Account account) {
    List<Warning> warnings = standing(account);
    Optional<Bench> failed = account.benches().active(BenchCause.REFRESH_FAILED, now);
    failed.ifPresent(
        bench ->
            warnings.add(
                new Warning(
                    Warning.Code.REFRESH_FAILED, "The last refresh failed: " + bench.reason())));
    if (account.credentials().unknownSince() != null) {
      warnings.add(
          new Warning(
              Warning.Code.OUTCOME_UNKNOWN,
              account.credentials().unreadableSince() == null
                  ? "It is not known whether the refresh token was spent."
                  : "The provider's last answer is kept and cannot be read yet."));
    }
    if (account.status() == AccountStatus.ERROR) {
      warnings.add(
          new Warning(
              Warning.Code.REAUTHORIZATION_REQUIRED,
              "This is the last token; a person must authorise the account again."));
    }
    if (platform.project() != null && account.projectId() == null) {
      warnings.add(new Warning(Warning.Code.PROJECT_MISSING, "The project is not known yet."));
    }
    if (suspended != null && suspended.ofProxy()) {
      warnings.add(
          new Warning(
              Warning.Code.PROXY_SUSPENDED, "The proxy is suspended: " + suspended.reason()));
    }
    return warnings;
  }

  /** The warnings that have nothing to do with a refresh. */
  private List<Warning> standing(Account account) {
    List<Warning> warnings = new ArrayList<>(2);
    account
        .benches()
        .withholding(now)
        .ifPresent(
            bench ->
                warnings.add(
                    new Warning(
                        Warning.Code.BENCHED,
                        "Benched (" + WireName.of(bench.cause()) + ") until " + bench.until())));
    if (account.paused()) {
      warnings.add(new Warning(Warning.Code.PAUSED, "The account is paused."));
    }
    return warnings;
  }

  private Problem resting(Account account) {
    if (account.status() == AccountStatus.ERROR) {
      AccountError error = account.error();
      return Problem.of(
              ProblemCode.REAUTHORIZATION_REQUIRED,
              "A person must authorise the account again"
                  + (error == null ? "." : ": " + error.detail()))
          .about(account);
    }
    if (account.credentials().unreadableSince() != null) {
      return Problem.of(
              ProblemCode.OUTCOME_UNKNOWN,
              "The provider's last answer is kept and cannot be read yet; no refresh starts"
                  + " before it is read or an operator forces one.")
          .withCause(BenchCause.OUTCOME_UNKNOWN)
          .about(account);
    }
    Optional<Bench> bench =
        account
            .benches()
            .active(BenchCause.REFRESH_FAILED, now)
            .or(() -> account.benches().active(BenchCause.OUTCOME_UNKNOWN, now));
    if (bench.isPresent()) {
      return benched(account, bench.get());
    }
    Instant notBefore = account.credentials().notBefore();
    boolean unknown = account.credentials().unknownSince() != null;
    return Problem.of(
            unknown ? ProblemCode.OUTCOME_UNKNOWN : ProblemCode.REFRESH_FAILED,
            unknown
                ? "It is not known whether the refresh token was spent; it is not tried again yet."
                : "The last refresh brought no usable token; it is not tried again yet.")
        .until(notBefore == null ? now : notBefore, now)
        .about(account);
  }

  private Problem benched(Account account, Bench bench) {
    return Problem.of(
            ProblemCode.TEMPORARILY_UNSCHEDULABLE,
            "Cooling down until " + bench.until() + ": " + bench.reason())
        .withCause(bench.cause())
        .until(bench.until(), now)
        .about(account);
  }

  private static Warning failureWarning(Problem problem) {
    return switch (problem.code()) {
      case REFRESH_TIMEOUT, REFRESH_IN_PROGRESS -> RUNNING;
      case OUTCOME_UNKNOWN -> new Warning(Warning.Code.OUTCOME_UNKNOWN, problem.detail());
      case PROXY_UNAVAILABLE -> new Warning(Warning.Code.PROXY_SUSPENDED, problem.detail());
      case REAUTHORIZATION_REQUIRED ->
          new Warning(Warning.Code.REAUTHORIZATION_REQUIRED, problem.detail());
      default -> // of every other kind the caller learns that it failed, and why
          new Warning(Warning.Code.REFRESH_FAILED, problem.detail());
    };
  }
}
