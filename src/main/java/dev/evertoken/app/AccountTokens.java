package dev.evertoken.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.evertoken.app.AccountReader.Read;
import dev.evertoken.app.refresh.RefreshOutcome;
import dev.evertoken.app.refresh.Refresher;
import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Serving;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.Verdict.Reason;
import dev.evertoken.domain.Verdict.Refresh;
import dev.evertoken.domain.Verdict.Refuse;
import dev.evertoken.domain.Verdict.Serve;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The token of one account: served as it is, or after the refresh that it needs (semantics, section
 * 2).
 */
final class AccountTokens {

  /** How often a caller may force a refresh of an account. */
  private static final Duration FORCED_INTERVAL = Duration.ofSeconds(30);

  /** Spares PostgreSQL the question on every request of a window in which no refresh can start. */
  private static final Duration BETWEEN_STARTS = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  private final AccountReader reader;
  private final AccountStore store;
  private final Refresher refresher;
  private final UpstreamHealth routes;
  private final ProjectDiscovery projects;
  private final Platforms platforms;
  private final Time time;
  private final Cache<Long, Boolean> askedBehind;

  AccountTokens(
      Scheduler scheduler,
      AccountReader reader,
      AccountStore store,
      Refresher refresher,
      UpstreamHealth routes,
      ProjectDiscovery projects,
      Platforms platforms,
      Time time) {
    this.scheduler = scheduler;
    this.reader = reader;
    this.store = store;
    this.refresher = refresher;
    this.routes = routes;
    this.projects = projects;
    this.platforms = platforms;
    this.time = time;
    this.askedBehind =
        Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(BETWEEN_STARTS)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
  }

  /**
   * The answer for an account that was just read; anything but a plain answer is decided on the row
   * itself.
   */
  Future<Served> token(Read read, TokenOptions options) {
    Account account = read.account();
    Platform platform = platforms.find(account.platform()).orElse(null);
    if (platform == null && account.type() == AccountType.OAUTH) {
      return Future.failedFuture(unknownPlatform(account).exception());
    }
    Serving serving = serving(account, platform);
    boolean callerIsAhead =
        options.ifGenerationNot() != null && options.ifGenerationNot() > account.generation();
    if (callerIsAhead && !read.fromRow()) {
      return onRow(account, options);
    }
    return switch (serving.decide(account, options)) {
      case Serve serve -> served(serve, read, options);
      case Refuse refuse ->
          read.fromRow()
              ? Future.failedFuture(refuse.problem().exception())
              : onRow(account, options);
      case Refresh refresh ->
          read.fromRow() ? refreshed(account, options, refresh.reason()) : onRow(account, options);
    };
  }

  private Future<Served> served(Serve serve, Read read, TokenOptions options) {
    Account account = read.account();
    if (serve.refreshBehind() && !refresher.runs(account.id())) {
      startBehind(account, options.traceId());
    }
    projects.findIfMissing(account);
    return Future.succeededFuture(new Served(serve.answer(), read.source()));
  }

  /** A refresh that nobody waits for yet; the row decides whether it is still due. */
  private void startBehind(Account account, @Nullable String traceId) {
    if (askedBehind.asMap().putIfAbsent(account.id(), true) != null) {
      return;
    }
    reader
        .row(account.id())
        .onSuccess(
            row -> {
              Serving serving = serving(row.account());
              if (serving.decide(row.account(), TokenOptions.NONE) instanceof Serve serve
                  && serve.refreshBehind()) {
                refresher.refresh(row.account(), Trigger.REQUEST, traceId);
              }
            });
  }

  private Future<Served> onRow(Account copy, TokenOptions options) {
    Problem outage = reader.outage(copy.id());
    if (outage != null
        && serving(copy).fallback(copy, options, outage.about(copy)) instanceof Serve serve) {
      return Future.succeededFuture(new Served(serve.answer(), TokenSource.NEAR));
    }
    return rowInTime(copy, options)
        .compose(row -> token(row, options))
        .recover(failure -> withoutRow(copy, options, failure));
  }

  /** Whoever can be answered from the copy waits for the row no longer than for any check. */
  private Future<Read> rowInTime(Account copy, TokenOptions options) {
    Problem slow = StorageOutage.slow();
    Future<Read> row = reader.row(copy.id());
    return serving(copy).fallback(copy, options, slow.about(copy)) instanceof Serve
        ? new CallerDeadline(scheduler, AccountReader.REVALIDATION)
            .await(row, () -> Future.failedFuture(slow.exception()))
        : row;
  }

  /**
   * PostgreSQL is away: a token that is valid is served all the same (law 2), and no refresh
   * starts.
   */
  private Future<Served> withoutRow(Account copy, TokenOptions options, Throwable failure) {
    Problem outage = StorageOutage.of(failure);
    return outage == null
        ? Future.failedFuture(failure)
        : fallback(copy, options, outage.about(copy), TokenSource.NEAR);
  }

  private Future<Served> refreshed(Account row, TokenOptions options, Reason reason) {
    Optional<Problem> unattainable = serving(row).unattainable(row, options);
    if (unattainable.isPresent()) {
      return Future.failedFuture(unattainable.get().exception());
    }
    Duration most =
        options.maxWait() != null
            ? options.maxWait()
            : platforms.find(row.platform()).orElseThrow().refresh().requestTimeout();
    Optional<Served> meanwhile = runs(row) ? meanwhile(row, options) : Optional.empty();
    if (meanwhile.isPresent()) {
      return Future.succeededFuture(meanwhile.get());
    }
    CallerDeadline patience = new CallerDeadline(scheduler, most);
    Future<Served> work =
        permitted(row, reason)
            .compose(free -> refresher.refresh(row, Trigger.REQUEST, options.traceId()))
            .compose(outcome -> afterRefresh(outcome, options));
    return patience.await(unlessHeld(work, row, options), () -> waitEnded(row, options, most));
  }

  /** Whether this node refreshes the account, or another one as far as its row tells. */
  private boolean runs(Account row) {
    Claim claim = row.credentials().claim();
    return refresher.runs(row.id()) || (claim != null && !claim.lapsedAt(time.instant()));
  }

  private Optional<Served> meanwhile(Account row, TokenOptions options) {
    return serving(row)
        .meanwhile(row, options)
        .map(serve -> new Served(serve.answer(), TokenSource.POSTGRES));
  }

  /** The outcome, or what there is as soon as it shows that another node holds the claim. */
  private Future<Served> unlessHeld(Future<Served> work, Account row, TokenOptions options) {
    if (work.isComplete() || serving(row).meanwhile(row, options).isEmpty()) {
      return work;
    }
    Promise<Served> first = Promise.promise();
    refresher
        .heldElsewhere(row.id())
        .onSuccess(held -> meanwhile(row, options).ifPresent(first::tryComplete));
    work.onSuccess(first::tryComplete).onFailure(first::tryFail);
    return scheduler.here(first.future());
  }

  /** Forced refreshes are rationed; joining one that runs is free. */
  private Future<Void> permitted(Account row, Reason reason) {
    if (!reason.forced() || refresher.runs(row.id()) || row.credentials().claim() != null) {
      return Future.succeededFuture();
    }
    return store
        .claimForcedRefresh(row.id(), FORCED_INTERVAL)
        .compose(next -> next.isEmpty() ? Future.succeededFuture() : tooSoon(row, next.get()));
  }

  private Future<Void> tooSoon(Account row, Instant next) {
    if (refresher.runs(row.id())) {
      return Future.succeededFuture();
    }
    return Future.failedFuture(
        Problem.of(
                ProblemCode.RATE_LIMITED,
                "A refresh of this account was forced a moment ago; one in "
                    + FORCED_INTERVAL.toSeconds()
                    + " seconds is allowed.")
            .until(next, time.instant())
            .about(row)
            .exception());
  }

  private Future<Served> afterRefresh(RefreshOutcome outcome, TokenOptions options) {
    return switch (outcome) {
      case RefreshOutcome.Refreshed refreshed -> answerNew(refreshed.account(), options);
      case RefreshOutcome.Failed failed ->
          fallback(failed.account(), options, failed.problem(), TokenSource.REFRESH);
    };
  }

  private Future<Served> answerNew(Account row, TokenOptions options) {
    projects.findIfMissing(row);
    return switch (serving(row).decide(row, options)) {
      case Serve serve -> Future.succeededFuture(new Served(serve.answer(), TokenSource.REFRESH));
      case Refuse refuse -> Future.failedFuture(refuse.problem().exception());
      case Refresh again ->
          serving(row)
              .unattainable(row, options)
              .<Future<Served>>map(problem -> Future.failedFuture(problem.exception()))
              .orElseGet(() -> fallback(row, options, uselessToken(row), TokenSource.REFRESH));
    };
  }

  private Future<Served> waitEnded(Account seen, TokenOptions options, Duration waited) {
    Problem problem =
        waited.isZero()
            ? Problem.of(
                ProblemCode.REFRESH_IN_PROGRESS, "A refresh is running; ask again in a moment.")
            : Problem.of(
                ProblemCode.REFRESH_TIMEOUT,
                "The refresh takes longer than the wait of "
                    + waited.toMillis()
                    + " ms; it goes on, ask again.");
    Problem found =
        refresher.stuck(seen.id()).orElse(problem.withRetryAfter(Duration.ofSeconds(1)));
    return fallback(seen, options, found.about(seen), TokenSource.REFRESH);
  }

  private Future<Served> fallback(
      Account account, TokenOptions options, Problem problem, TokenSource source) {
    return switch (serving(account).fallback(account, options, problem)) {
      case Serve serve -> Future.succeededFuture(new Served(serve.answer(), source));
      case Refuse refuse -> Future.failedFuture(refuse.problem().exception());
      case Refresh refresh -> Future.failedFuture(problem.exception());
    };
  }

  private Serving serving(Account account) {
    return serving(account, platforms.find(account.platform()).orElse(null));
  }

  private Serving serving(Account account, @Nullable Platform platform) {
    return new Serving(
        platform == null ? StaticPlatform.of(account.platform()) : platform,
        Instant.ofEpochMilli(time.millis()),
        routes.closed(account.route()));
  }

  private static Problem uselessToken(Account row) {
    return Problem.of(
            ProblemCode.REFRESH_FAILED,
            "The provider gave a token that had already expired or does not last.")
        .about(row);
  }

  private static Problem unknownPlatform(Account account) {
    return Problem.of(
            ProblemCode.PROVIDER_UNAVAILABLE,
            "The platform is not in the providers file of this node.")
        .about(account);
  }
}
