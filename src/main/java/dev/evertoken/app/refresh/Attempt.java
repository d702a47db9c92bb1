package dev.evertoken.app.refresh;

import dev.evertoken.app.refresh.AttemptEnd.Again;
import dev.evertoken.app.refresh.AttemptEnd.Follow;
import dev.evertoken.app.refresh.AttemptEnd.Over;
import dev.evertoken.app.refresh.ExchangeResult.ClaimLost;
import dev.evertoken.app.refresh.ExchangeResult.Judged;
import dev.evertoken.app.refresh.ExchangeResult.Ours;
import dev.evertoken.app.refresh.ExchangeResult.Unanswered;
import dev.evertoken.app.refresh.ExchangeResult.Unsent;
import dev.evertoken.app.route.Pass;
import dev.evertoken.app.route.PermitQueue.Permit;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Platform;
import dev.evertoken.port.Breakers;
import dev.evertoken.port.FailPoints.Point;
import dev.evertoken.port.RefreshClaims.Take;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to refresh one account: claim, connect, send, keep, judge, commit, announce. It owns
 * the permit of the route and the pass, and gives both back in one place.
 */
final class Attempt {

  private final Engine engine;
  private final Platform platform;
  private final Account seen;
  private final Request request;
  private final Admission admission;
  private @Nullable Permit permit;
  private @Nullable Pass pass;
  private boolean exchanged;

  Attempt(Engine engine, Platform platform, Account seen, Request request, Admission admission) {
    this.engine = engine;
    this.platform = platform;
    this.seen = seen;
    this.request = request;
    this.admission = admission;
  }

  /** Runs it. Fails only by a bug. */
  Future<AttemptEnd> run() {
    return enter()
        .compose(entered -> claim())
        .recover(failure -> NoRefresh.refused(failure, seen))
        .onComplete(ended -> close());
  }

  /** A permit of the route before the claim, so that a dead proxy holds only its own route. */
  private Future<Void> enter() {
    Pass.Probe probe = request.probe();
    return probe == null
        ? admission.enter(seen, request, ClaimHold.lapse(platform)).compose(this::entered)
        : entered(probe);
  }

  private Future<Void> entered(Pass admitted) {
    pass = admitted;
    return switch (admitted) {
      case Pass.Probe probe -> Future.succeededFuture();
      case Pass.Open open ->
          engine
              .upstream()
              .permits()
              .route(platform, seen.route(), request.demand(), engine.settings().deadline())
              .compose(this::granted);
    };
  }

  /** The route may have been suspended while this attempt waited for its permit. */
  private Future<Void> granted(Permit granted) {
    permit = granted;
    if (request.stopping()) {
      return Future.failedFuture(NoRefresh.shuttingDown().exception());
    }
    if (admission.open(seen)) {
      return Future.succeededFuture();
    }
    closePermit();
    return enter();
  }

  private Future<AttemptEnd> claim() {
    return engine
        .stores()
        .failPoints()
        .reach(Point.BEFORE_CLAIM)
        .compose(reached -> OnceMore.ifStorageFails(this::take))
        .compose(this::claimed);
  }

  /** What became of one try to take the claim, and when it was asked for. */
  private record Taking(UUID attempt, long askedNanos, Take take) {}

  /** A repeated take is another attempt: the first may have been taken by a call that timed out. */
  private Future<Taking> take() {
    UUID attempt = UUID.randomUUID();
    long asked = engine.clock().nanos();
    return engine
        .claims()
        .take(seen, attempt, ClaimHold.lapse(platform), request.trigger(), request.byOperator())
        .map(take -> new Taking(attempt, asked, take));
  }

  private Future<AttemptEnd> claimed(Taking taking) {
    return switch (taking.take()) {
      case Take.Taken taken -> refresh(taken, taking);
      case Take.Held held -> Future.succeededFuture(new Follow(held.account(), held.claim()));
      case Take.Resting resting ->
          Future.succeededFuture(NoRefresh.resting(resting.account(), engine.now()));
      case Take.Moved moved -> Future.succeededFuture(new Again());
      case Take.Gone gone -> Future.succeededFuture(new Over(NoRefresh.gone(seen)));
    };
  }

  private Future<AttemptEnd> refresh(Take.Taken taken, Taking taking) {
    ClaimHold hold =
        new ClaimHold(engine, platform, seen.id(), taking.attempt(), taking.askedNanos());
    Claimed claimed =
        new Claimed(
            engine, platform, taken, taking.attempt(), request, Objects.requireNonNull(pass), hold);
    FailedRefreshWriter failures = new FailedRefreshWriter(claimed);
    if (taken.refreshToken() == null) {
      return failures.noRefreshToken();
    }
    if (taken.account().proxyId() != null && taken.proxy() == null) {
      return failures.proxyMissing();
    }
    return engine
        .stores()
        .failPoints()
        .reach(Point.AFTER_CLAIM)
        .compose(reached -> present(claimed, new AfterExchange(claimed, failures)))
        .onSuccess(end -> new RefreshTally(engine.metrics()).ended(end, request));
  }

  /** Connect, send, keep and judge under the route's breaker; then act on what came of it. */
  private Future<AttemptEnd> present(Claimed claimed, AfterExchange after) {
    AtomicReference<ExchangeResult> result = new AtomicReference<>();
    return engine
        .upstream()
        .health()
        .guard(
            seen.route(),
            claimed.pass(),
            () ->
                new Exchange(claimed)
                    .present(after.clientSecret())
                    .onSuccess(result::set)
                    .map(ExchangeResult::understood))
        .recover(failure -> refusedByBreaker(failure, result))
        .compose(ended -> act(claimed, after, Objects.requireNonNull(result.get())));
  }

  private Future<Void> refusedByBreaker(Throwable failure, AtomicReference<ExchangeResult> result) {
    if (failure instanceof Breakers.Refused) {
      result.set(new Ours(admission.refusal(seen)));
      return Future.succeededFuture();
    }
    return Future.failedFuture(failure);
  }

  private Future<AttemptEnd> act(Claimed claimed, AfterExchange after, ExchangeResult result) {
    Future<Step> step =
        switch (result) {
          case Judged judged -> exchanged(after.judged(judged));
          case Unsent unsent -> exchanged(after.unsent(unsent));
          case Unanswered lost -> exchanged(after.unanswered(lost));
          case ClaimLost lost -> Future.succeededFuture(new Step.End(new Again()));
          case Ours ours -> after.ours(ours.problem());
        };
    return step.compose(next -> follow(claimed, after, next));
  }

  /** The probe is used up. */
  private Future<Step> exchanged(Future<Step> step) {
    exchanged = true;
    return step;
  }

  private Future<AttemptEnd> follow(Claimed claimed, AfterExchange after, Step step) {
    return switch (step) {
      case Step.End end -> Future.succeededFuture(end.end());
      case Step.Commit commit -> commit(committer -> committer.commit(claimed, commit.judged()));
      case Step.Adopt adopt -> commit(committer -> committer.adopt(claimed, adopt.sibling()));
      case Step.Present again ->
          engine
              .clock()
              .scheduler()
              .pause(again.after())
              .compose(waited -> claimed.claim().extend())
              .transform(
                  extended ->
                      extended.succeeded()
                          ? present(claimed, after)
                          : after.notExtended(extended.cause()));
    };
  }

  /** The route has done its part: its permit does not wait for PostgreSQL. */
  private Future<AttemptEnd> commit(Function<AnswerCommitter, Future<Account>> commit) {
    closePermit();
    return commit
        .apply(new AnswerCommitter(engine, request.traceId()))
        .<AttemptEnd>map(row -> new Over(new RefreshOutcome.Refreshed(row)));
  }

  private void close() {
    closePermit();
    if (!exchanged && pass instanceof Pass.Probe probe) {
      engine.upstream().health().releaseProbe(probe.suspension());
    }
  }

  private void closePermit() {
    Permit held = permit;
    if (held != null) {
      held.close();
    }
  }
}
