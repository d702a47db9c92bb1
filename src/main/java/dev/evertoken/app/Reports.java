package dev.evertoken.app;

import dev.evertoken.app.ReportResult.Action;
import dev.evertoken.app.notice.Announcements;
import dev.evertoken.app.refresh.Refresher;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Report;
import dev.evertoken.domain.ReportRule;
import dev.evertoken.domain.TokenRules;
import dev.evertoken.domain.Trace;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Audit;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes what callers saw upstream: a refused token leaves every cache and is replaced, a limited or
 * overloaded account sits out (contract, section 3). Reports of an older generation change nothing.
 */
public final class Reports {

  private static final Duration SECOND_REFUSAL = Duration.ofMinutes(5);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final AccountReader reader;
  private final AccountStore store;
  private final BenchStore benches;
  private final Refresher refresher;
  private final Announcements announcements;
  private final Audit audit;
  private final Platforms platforms;
  private final Time time;
  private final Duration benchDuration;

  Reports(
      AccountReader reader,
      AccountStore store,
      BenchStore benches,
      Refresher refresher,
      Announcements announcements,
      Audit audit,
      Platforms platforms,
      Time time,
      Duration benchDuration) {
    this.reader = reader;
    this.store = store;
    this.benches = benches;
    this.refresher = refresher;
    this.announcements = announcements;
    this.audit = audit;
    this.platforms = platforms;
    this.time = time;
    this.benchDuration = benchDuration;
  }

  /**
   * Acts on the report; fails with {@code not_found}, {@code invalid} or {@code
   * storage_unavailable}.
   *
   * @param trace names the request that brought it, in the log
   */
  public Future<ReportResult> report(Caller caller, long account, Report report, Trace trace) {
    return reader
        .row(account)
        .compose(
            read ->
                caller.sees(read.account())
                    ? act(caller, read.account(), report, trace)
                    : Future.failedFuture(AccountReader.notFound(account).exception()));
  }

  private Future<ReportResult> act(Caller caller, Account account, Report report, Trace trace) {
    if (report.generation() > account.generation()) {
      return Future.failedFuture(
          Problem.field(
                  ProblemCode.INVALID,
                  "/generation",
                  "the account is at generation " + account.generation())
              .about(account)
              .exception());
    }
    if (report.generation() < account.generation()) {
      return done(Action.IGNORED_STALE_GENERATION, account);
    }
    Optional<ReportRule> rule =
        Stream.concat(account.rules().stream(), rulesOf(account.platform()))
            .filter(candidate -> candidate.matches(report.status(), report.message()))
            .findFirst();
    if (rule.isPresent()) {
      return bench(
          caller, account, BenchCause.RULE, rule.get().bench(), "a rule for " + report.status());
    }
    return switch (report.status()) {
      case 401 -> refused(caller, account, trace);
      case 403 ->
          bench(
              caller,
              account,
              BenchCause.UNAUTHORIZED,
              asked(account, report),
              "the upstream answered 403");
      case 429 ->
          bench(
              caller,
              account,
              BenchCause.RATE_LIMITED,
              asked(account, report),
              "the upstream answered 429");
      case 503, 529 ->
          bench(
              caller,
              account,
              BenchCause.OVERLOADED,
              asked(account, report),
              "the upstream answered " + report.status());
      default -> done(Action.NONE, account);
    };
  }

  private Stream<ReportRule> rulesOf(String platform) {
    return platforms.find(platform).stream().flatMap(known -> known.rules().stream());
  }

  private Future<ReportResult> refused(Caller caller, Account account, Trace trace) {
    Credentials credentials = account.credentials();
    if (credentials.rejected()) {
      return done(Action.REFRESH, account);
    }
    Instant before = credentials.rejectedAt();
    boolean again = before != null && time.instant().isBefore(before.plus(SECOND_REFUSAL));
    if (again || account.type() == AccountType.UPSTREAM) {
      return bench(
          caller,
          account,
          BenchCause.UNAUTHORIZED,
          benchDuration,
          account.type() == AccountType.UPSTREAM
              ? "the upstream refused the static key"
              : "the upstream refused two generations in a row");
    }
    return store
        .reject(account.id(), account.generation())
        .compose(
            row ->
                row.isPresent()
                    ? replace(caller, row.get(), trace)
                    : done(Action.IGNORED_STALE_GENERATION, account));
  }

  private Future<ReportResult> replace(Caller caller, Account row, Trace trace) {
    announcements.changed(row, Notice.Type.CHANGED, null, "the upstream refused the token");
    audit.changed(
        caller,
        "account.token_refused",
        row.id(),
        Map.of(
            "generation",
            String.valueOf(row.generation()),
            "reason",
            "the upstream refused the token"));
    refresher.refresh(row, Trigger.REPORT, trace.id());
    return done(Action.REFRESH, row);
  }

  private Future<ReportResult> bench(
      Caller caller, Account account, BenchCause cause, Duration length, String reason) {
    Instant now = time.instant();
    Bench bench = new Bench(cause, now.plus(length), reason, now, Trigger.REPORT, null);
    return benches
        .set(account.id(), bench, now)
        .onSuccess(row -> row.ifPresent(after -> benched(caller, after, bench)))
        .map(row -> benched(row.orElse(account), cause, now));
  }

  /** A bench of that cause that ends later stays, and is what is told. */
  private static ReportResult benched(Account row, BenchCause cause, Instant now) {
    Instant until = row.benches().active(cause, now).map(Bench::until).orElse(null);
    return new ReportResult(Action.BENCH, row.generation(), until);
  }

  private void benched(Caller caller, Account row, Bench bench) {
    announcements.changed(row, Notice.Type.TEMP_UNSCHED_SET, bench.cause(), bench.reason());
    audit.changed(
        caller,
        "account.benched",
        row.id(),
        Map.of("cause", WireName.of(bench.cause()), "reason", bench.reason()));
  }

  /** What the upstream asked for, as far as the platform lets a report ask. */
  private Duration asked(Account account, Report report) {
    Duration asked = report.retryAfter();
    if (asked == null) {
      return benchDuration;
    }
    if (asked.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    Duration most = rules(account.platform()).reportMax();
    return asked.compareTo(most) > 0 ? most : asked;
  }

  private TokenRules rules(String platform) {
    return platforms.find(platform).map(Platform::tokenRules).orElse(TokenRules.DEFAULT);
  }

  private static Future<ReportResult> done(Action action, Account account) {
    return Future.succeededFuture(new ReportResult(action, account.generation(), null));
  }
}
