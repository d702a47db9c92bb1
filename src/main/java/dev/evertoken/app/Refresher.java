package dev.evertoken.app;

import dev.evertoken.app.RefreshStage.Again;
import dev.evertoken.app.RefreshStage.Answered;
import dev.evertoken.app.RefreshStage.Claimed;
import dev.evertoken.app.RefreshStage.Delivering;
import dev.evertoken.app.RefreshStage.Done;
import dev.evertoken.app.RefreshStage.Following;
import dev.evertoken.app.RefreshStage.Unanswered;
import dev.evertoken.app.RefreshStage.Unsent;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.FailPoints.Point;
import dev.evertoken.port.RefreshClaims.Take;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes accounts, each at most once at a time in the whole cluster, whoever asks (law 3):
 * callers of this node share one future, and of the nodes only the one with the claim goes to the
 * provider. Safe for any thread; a caller that stops waiting ends nothing (law 6).
 */
public final class Refresher {

  private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);

  /** A row that keeps changing under us is a storm; its callers may ask again. */
  private static final int MOST_ROUNDS = 8;

  private static final class Running {
    final Promise<RefreshOutcome> promise = Promise.promise();
    final Demand demand;
    volatile @Nullable Problem stuck;

    Running(Demand demand) {
      this.demand = demand;
    }
  }

  private final RefreshParts parts;
  private final Followers followers;
  private final Lapses lapses;
  private final RefreshTally tally;
  private final ConcurrentHashMap<Long, Running> running = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  Refresher(RefreshParts parts) {
    this.parts = parts;
    this.followers = new Followers(parts);
    this.lapses = new Lapses(parts);
    this.tally = new RefreshTally(parts.metrics());
  }

  /**
   * Refreshes the account, or joins the refresh that runs. Always succeeds, with the outcome.
   *
   * @param seen the row as the caller knows it; a newer generation in the store is adopted instead
   *     of a refresh
   */
  public Future<RefreshOutcome> refresh(Account seen, Trigger trigger) {
    boolean awaited = trigger != Trigger.BACKGROUND;
    Running mine = new Running(new Demand(awaited));
    Running known = running.putIfAbsent(seen.id(), mine);
    if (known != null) {
      return join(known, seen, awaited);
    }
    if (stopping) {
      running.remove(seen.id(), mine);
      return Future.succeededFuture(
          NoRefresh.failed(NoRefresh.shuttingDown(), RefreshClass.STORAGE, seen));
    }
    round(seen, trigger, mine, 0)
        .otherwise(failure -> unexpected(failure, seen))
        .onComplete(
            ended -> {
              running.remove(seen.id(), mine);
              mine.promise.complete(ended.result());
            });
    return mine.promise.future();
  }

  /** Whether this node refreshes the account now. */
  boolean runs(long account) {
    return running.containsKey(account);
  }

  /** What the refresh that runs waits for, when it is not the provider. */
  Optional<Problem> stuck(long account) {
    Running run = running.get(account);
    return run == null ? Optional.empty() : Optional.ofNullable(run.stuck);
  }

  /** No new refresh from now on; completes when those that run have ended. */
  public Future<Void> drain() {
    stopping = true;
    return Future.join(running.values().stream().map(run -> run.promise.future()).toList())
        .mapEmpty();
  }

  private Future<RefreshOutcome> join(Running known, Account seen, boolean awaited) {
    Problem stuck = known.stuck;
    if (stuck != null) {
      return Future.succeededFuture(
          NoRefresh.failed(stuck.about(seen), RefreshClass.STORAGE, seen));
    }
    if (awaited) {
      known.demand.join();
    }
    return known.promise.future();
  }

  private Future<RefreshOutcome> round(Account seen, Trigger trigger, Running run, int rounds) {
    if (rounds >= MOST_ROUNDS) {
      return Future.succeededFuture(
          NoRefresh.failed(
              Problem.of(ProblemCode.REFRESH_FAILED, "The account keeps changing; ask again.")
                  .about(seen),
              RefreshClass.TRANSIENT,
              seen));
    }
    return attempt(seen, trigger, run)
        .compose(stage -> advance(stage, seen, trigger, run, rounds + 1));
  }

  private Future<RefreshOutcome> advance(
      RefreshStage stage, Account seen, Trigger trigger, Running run, int rounds) {
    return switch (stage) {
      case Done done -> Future.succeededFuture(done.outcome());
      case Again again -> reread(seen, trigger, run, rounds);
      case Following following ->
          followers
              .follow(following, seen)
              .compose(after -> advance(after, seen, trigger, run, rounds));
      case Claimed c -> wrongStage(c);
      case Answered a -> wrongStage(a);
      case Unsent u -> wrongStage(u);
      case Unanswered u -> wrongStage(u);
      case Delivering d -> wrongStage(d);
    };
  }

  private static Future<RefreshOutcome> wrongStage(RefreshStage stage) {
    return Future.failedFuture(
        new IllegalStateException("left at " + stage.getClass().getSimpleName()));
  }

  /** The row has changed: adopt a newer generation, else begin again on the row as it is. */
  private Future<RefreshOutcome> reread(Account seen, Trigger trigger, Running run, int rounds) {
    return parts
        .store()
        .find(seen.id())
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(NoRefresh.gone(seen));
              }
              Account row = found.get();
              parts.announcements().seen(row);
              return row.generation() > seen.generation()
                      && row.credentials().validAt(parts.time().instant())
                  ? Future.succeededFuture(new RefreshOutcome.Refreshed(row))
                  : round(row, trigger, run, rounds);
            });
  }

  private Future<RefreshStage> attempt(Account seen, Trigger trigger, Running run) {
    Optional<Platform> platform = parts.platforms().find(seen.platform());
    if (seen.status() != AccountStatus.ACTIVE) {
      return Future.succeededFuture(NoRefresh.notActive(seen));
    }
    Optional<Problem> unusable = NoRefresh.unusable(seen, platform);
    if (unusable.isPresent() || platform.isEmpty()) {
      Problem problem = unusable.orElseThrow();
      return Future.succeededFuture(Done.failed(problem, RefreshClass.PROVIDER_CONFIG, seen));
    }
    Duration lapse = HeldClaim.lapse(platform.get());
    return quickRefusal(seen)
        .compose(
            free ->
                parts
                    .shares()
                    .route(platform.get(), seen.route(), run.demand, parts.settings().deadline()))
        .compose(
            permit ->
                parts
                    .routes()
                    .admit(seen.route(), lapse)
                    .compose(pass -> claim(seen, platform.get(), trigger, run, pass, permit))
                    .onComplete(ended -> permit.close()))
        .recover(failure -> NoRefresh.refused(failure, seen));
  }

  /** While a route is left alone its refreshes need not stand in line to hear so. */
  private Future<Void> quickRefusal(Account seen) {
    var suspension = parts.routes().suspended(seen.route());
    return suspension != null && parts.time().instant().isBefore(suspension.probeAt())
        ? Future.failedFuture(parts.routes().refusal(suspension).exception())
        : Future.succeededFuture();
  }

  private Future<RefreshStage> claim(
      Account seen,
      Platform platform,
      Trigger trigger,
      Running run,
      Routes.Pass pass,
      Share.Permit permit) {
    return parts
        .failPoints()
        .reach(Point.BEFORE_CLAIM)
        .compose(reached -> OnceMore.ifStorageFails(() -> take(seen, platform, trigger)))
        .compose(
            taking ->
                switch (taking.take()) {
                  case Take.Taken taken ->
                      run(platform, taking, new Claimed(taken), trigger, run, pass, permit);
                  case Take.Held held -> lapses.followOrSettle(platform, held);
                  case Take.Resting resting ->
                      Future.succeededFuture(
                          NoRefresh.resting(resting.account(), parts.time().instant()));
                  case Take.Moved moved -> Future.succeededFuture(new Again(moved.account()));
                  case Take.Gone gone -> Future.succeededFuture(new Done(NoRefresh.gone(seen)));
                });
  }

  /** What became of one attempt to take the claim, and when it was asked for. */
  private record Taking(UUID attempt, long asked, Take take) {}

  /** A repeated take is another attempt: the first may have been taken by a call that timed out. */
  private Future<Taking> take(Account seen, Platform platform, Trigger trigger) {
    UUID attempt = UUID.randomUUID();
    long asked = parts.time().nanos();
    return parts
        .claims()
        .take(seen, attempt, HeldClaim.lapse(platform), trigger, trigger == Trigger.OPERATOR)
        .map(take -> new Taking(attempt, asked, take));
  }

  private Future<RefreshStage> run(
      Platform platform,
      Taking taking,
      Claimed claimed,
      Trigger trigger,
      Running run,
      Routes.Pass pass,
      Share.Permit permit) {
    return new RefreshRun(
            parts,
            platform,
            claimed,
            taking.attempt(),
            trigger,
            run.demand,
            pass,
            permit,
            taking.asked(),
            problem -> run.stuck = problem,
            () -> stopping)
        .run()
        .onSuccess(stage -> tally.ended(stage, trigger));
  }

  private RefreshOutcome unexpected(Throwable failure, Account seen) {
    if (failure instanceof ProblemException expected) {
      boolean storage = expected.problem().code().ofStorage();
      return NoRefresh.failed(
          expected.problem(), storage ? RefreshClass.STORAGE : RefreshClass.TRANSIENT, seen);
    }
    LOG.atError().setCause(failure).addKeyValue("account", seen.id()).log("refresh_bug");
    return NoRefresh.failed(
        Problem.of(ProblemCode.INTERNAL, "An internal error.").about(seen),
        RefreshClass.STORAGE,
        seen);
  }
}
