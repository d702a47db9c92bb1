package dev.evertoken.app.refresh;

import dev.evertoken.app.refresh.AttemptEnd.Again;
import dev.evertoken.app.refresh.AttemptEnd.Follow;
import dev.evertoken.app.refresh.AttemptEnd.Over;
import dev.evertoken.app.route.Demand;
import dev.evertoken.app.route.Pass;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Trigger;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

  /** A row that keeps changing under a refresh is a storm; its callers may ask again. */
  private static final int MOST_ROUNDS = 8;

  private static final Duration PROBE_LAPSE = Duration.ofSeconds(15);

  private final Engine engine;
  private final Admission admission;
  private final RemoteRefreshWaiter remote;
  private final LapsedClaims lapsed;
  private final ConcurrentHashMap<Long, Running> running = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  public Refresher(Engine engine) {
    this.engine = engine;
    this.admission = new Admission(engine, this::startProbe);
    this.remote = new RemoteRefreshWaiter(engine);
    this.lapsed = new LapsedClaims(engine);
  }

  /** A refresh of one account on this node. */
  private final class Running implements Request.Surroundings {
    final Promise<RefreshOutcome> promise = Promise.promise();
    final Request request;
    final Promise<Void> held = Promise.promise();
    volatile @Nullable Problem stuck;

    Running(Trigger trigger, Pass.@Nullable Probe probe, boolean force, @Nullable String traceId) {
      Demand demand = new Demand(trigger != Trigger.BACKGROUND);
      this.request = new Request(trigger, demand, probe, force, traceId, this);
    }

    @Override
    public boolean stopping() {
      return stopping;
    }

    @Override
    public void stuck(Problem problem) {
      stuck = problem;
    }
  }

  /** Refreshes the account on no caller's request. */
  public Future<RefreshOutcome> refresh(Account seen, Trigger trigger) {
    return refresh(seen, trigger, null);
  }

  /**
   * Refreshes the account, or joins the refresh that runs. Always succeeds, with the outcome, on
   * the calling context.
   *
   * @param seen the row as the caller knows it; a newer generation in the store is adopted instead
   *     of a refresh
   * @param traceId names the caller's request in the log, or null
   */
  public Future<RefreshOutcome> refresh(Account seen, Trigger trigger, @Nullable String traceId) {
    return refresh(seen, new Running(trigger, null, false, traceId));
  }

  /** The same, by an operator, of a refresh token that may be spent. */
  public Future<RefreshOutcome> forced(Account seen, @Nullable String traceId) {
    return refresh(seen, new Running(Trigger.OPERATOR, null, true, traceId));
  }

  /** Probes what is suspended, where that is due and it is this node's turn. */
  public void probe(Suspension suspension) {
    if (!stopping) {
      admission.probe(suspension, PROBE_LAPSE);
    }
  }

  private void startProbe(Account chosen, Pass.Probe probe) {
    Running mine = new Running(Trigger.BACKGROUND, probe, false, null);
    if (stopping || running.putIfAbsent(chosen.id(), mine) != null) {
      engine.upstream().health().releaseProbe(probe.suspension());
    } else {
      run(chosen, mine);
    }
  }

  private Future<RefreshOutcome> refresh(Account seen, Running mine) {
    Running known = running.putIfAbsent(seen.id(), mine);
    if (known != null) {
      return join(known, seen, mine.request.demand().awaited());
    }
    if (stopping) {
      running.remove(seen.id(), mine);
      return Future.succeededFuture(
          NoRefresh.failed(NoRefresh.shuttingDown(), RefreshClass.DRAINING, seen));
    }
    return run(seen, mine);
  }

  /** Whatever is thrown on the way, the registry entry goes and the callers are answered. */
  private Future<RefreshOutcome> run(Account seen, Running mine) {
    Future.succeededFuture()
        .compose(start -> round(seen, mine, 0))
        .otherwise(failure -> unexpected(failure, seen, mine.request.traceId()))
        .onComplete(
            ended -> {
              running.remove(seen.id(), mine);
              mine.promise.complete(ended.result());
            });
    return here(mine.promise.future());
  }

  /** Which client secrets worked last on this node. */
  public ClientSecrets clientSecrets() {
    return engine.upstream().secrets();
  }

  /** Whether this node refreshes the account now. */
  public boolean runs(long account) {
    return running.containsKey(account);
  }

  /**
   * Completes when the refresh that runs here finds that another node holds the claim; never, when
   * it does not.
   */
  public Future<Void> heldElsewhere(long account) {
    Running run = running.get(account);
    return run == null ? Promise.<Void>promise().future() : run.held.future();
  }

  /** What the refresh that runs waits for, when it is not the provider. */
  public Optional<Problem> stuck(long account) {
    Running run = running.get(account);
    return run == null ? Optional.empty() : Optional.ofNullable(run.stuck);
  }

  /** No new refresh from now on; completes when those that run have ended. */
  public Future<Void> drain() {
    stopping = true;
    admission.stop();
    List<Future<RefreshOutcome>> left =
        running.values().stream().map(run -> run.promise.future()).toList();
    return Future.join(left).mapEmpty();
  }

  private Future<RefreshOutcome> join(Running known, Account seen, boolean awaited) {
    Problem stuck = known.stuck;
    if (stuck != null) {
      return Future.succeededFuture(
          NoRefresh.failed(stuck.about(seen), RefreshClass.STORAGE, seen));
    }
    if (awaited) {
      known.request.demand().join();
    }
    return here(known.promise.future());
  }

  private <T> Future<T> here(Future<T> future) {
    return future.isComplete() ? future : engine.clock().scheduler().here(future);
  }

  private Future<RefreshOutcome> round(Account seen, Running run, int rounds) {
    if (rounds >= MOST_ROUNDS) {
      Problem problem =
          Problem.of(ProblemCode.REFRESH_FAILED, "The account keeps changing; ask again.");
      return Future.succeededFuture(
          NoRefresh.failed(problem.about(seen), RefreshClass.TRANSIENT, seen));
    }
    return attempt(seen, run).compose(end -> after(end, seen, run, rounds + 1));
  }

  private Future<RefreshOutcome> after(AttemptEnd end, Account seen, Running run, int rounds) {
    return switch (end) {
      case Over over -> Future.succeededFuture(over.outcome());
      case Again again -> reread(seen, run, rounds);
      case Follow follow -> follow(follow, seen, run, rounds);
    };
  }

  private Future<RefreshOutcome> follow(Follow follow, Account seen, Running run, int rounds) {
    run.held.tryComplete();
    return remote.follow(follow, seen).compose(next -> after(next, seen, run, rounds));
  }

  /** The row has changed: adopt a newer generation, else begin again on the row as it is. */
  private Future<RefreshOutcome> reread(Account seen, Running run, int rounds) {
    return engine
        .stores()
        .accounts()
        .find(seen.id())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(NoRefresh.gone(seen))
                    : onRow(seen, found.get(), run, rounds));
  }

  private Future<RefreshOutcome> onRow(Account seen, Account row, Running run, int rounds) {
    engine.announcements().seen(row);
    boolean newer = row.generation() > seen.generation() && row.credentials().validAt(engine.now());
    return newer
        ? Future.succeededFuture(new RefreshOutcome.Refreshed(row))
        : round(row, run, rounds);
  }

  private Future<AttemptEnd> attempt(Account seen, Running run) {
    if (seen.status() != AccountStatus.ACTIVE) {
      return Future.succeededFuture(NoRefresh.notActive(seen));
    }
    Optional<Platform> platform = engine.platforms().find(seen.platform());
    Optional<Problem> unusable = NoRefresh.unusable(seen, platform);
    if (unusable.isPresent() || platform.isEmpty()) {
      return Future.succeededFuture(
          Over.failed(unusable.orElseThrow(), RefreshClass.SETTINGS, seen));
    }
    Claim claim = seen.credentials().claim();
    if (claim != null && LapsedClaims.lapsed(claim, engine.now())) {
      return lapsed.settle(platform.get(), seen, claim, run.request.traceId());
    }
    if (needsForce(seen, run.request)) {
      return Future.succeededFuture(NoRefresh.inDoubt(seen));
    }
    return new Attempt(engine, platform.get(), seen, run.request, admission).run();
  }

  /**
   * An operator says so when a token is to be presented that may be spent; while an unreadable
   * answer lies in an escrow, nobody else presents it at all.
   */
  private static boolean needsForce(Account seen, Request request) {
    Doubt doubt = seen.credentials().refresh().doubt();
    boolean inDoubt = doubt.unknownSince() != null && request.byOperator();
    return !request.force() && (inDoubt || doubt.unreadableSince() != null);
  }

  private RefreshOutcome unexpected(Throwable failure, Account seen, @Nullable String traceId) {
    if (failure instanceof ProblemException expected) {
      boolean storage = expected.problem().code().ofStorage();
      return NoRefresh.failed(
          expected.problem(), storage ? RefreshClass.STORAGE : RefreshClass.TRANSIENT, seen);
    }
    LOG.atError()
        .setCause(failure)
        .addKeyValue("account", seen.id())
        .addKeyValue("trace_id", traceId)
        .log("refresh_bug");
    return NoRefresh.failed(
        Problem.of(ProblemCode.INTERNAL, "An internal error.").about(seen),
        RefreshClass.STORAGE,
        seen);
  }
}
