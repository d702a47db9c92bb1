package dev.evertoken.app.refresh;

import dev.evertoken.app.route.Pass;
import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets refreshes onto their routes. A suspended route refuses at once until its probe is due; then
 * the cluster chooses one account as the probe, and everyone else who came meanwhile waits for what
 * becomes of it.
 */
final class Admission {

  private static final int MOST_TURNS = 6;

  /** A probe that came to nothing is not told of: after this long those who wait look again. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  /** A batch of operator's refreshes is to spend one refresh token, not one for each account. */
  private static final Duration BETWEEN_OPERATORS = Duration.ofSeconds(30);

  private final Engine engine;
  private final BiConsumer<Account, Pass.Probe> start;
  private final Map<Long, Promise<Pass>> waiting = new ConcurrentHashMap<>();
  private final Map<Suspension, Promise<Optional<Account>>> claiming = new ConcurrentHashMap<>();
  private final Map<Route, Instant> byOperator = new ConcurrentHashMap<>();

  /**
   * Admits for one node.
   *
   * @param start begins the refresh of an account that was chosen as a probe
   */
  Admission(Engine engine, BiConsumer<Account, Pass.Probe> start) {
    this.engine = engine;
    this.start = start;
  }

  /** Whether the route is open now. */
  boolean open(Account account) {
    return health().suspended(account.route()) == null;
  }

  /** Leave to use the route of the account; else fails with why not. */
  Future<Pass> enter(Account account, Request request, Duration lapse) {
    Suspension suspension = health().suspended(account.route());
    return suspension != null && request.byOperator() && probesByHand(account, suspension)
        ? Future.succeededFuture(new Pass.Probe(suspension))
        : enter(account, lapse, 0);
  }

  /**
   * Whether an operator's refresh probes at once: only where the cluster's own probe is rare, since
   * each may cost a refresh token.
   */
  private boolean probesByHand(Account account, Suspension suspension) {
    return suspension.kind() == Suspension.Kind.UNREADABLE
        && takesTurn(account.route(), engine.now());
  }

  private boolean takesTurn(Route route, Instant now) {
    Instant last =
        byOperator.merge(
            route, now, (had, asks) -> had.plus(BETWEEN_OPERATORS).isAfter(asks) ? had : asks);
    return last.equals(now);
  }

  private Future<Pass> enter(Account account, Duration lapse, int turns) {
    Suspension suspension = health().suspended(account.route());
    if (suspension == null) {
      return Future.succeededFuture(new Pass.Open());
    }
    if (turns >= MOST_TURNS || engine.now().isBefore(suspension.probeAt())) {
      return Future.failedFuture(health().refusal(suspension).exception());
    }
    Promise<Pass> chosen = Promise.promise();
    waiting.put(account.id(), chosen);
    return claimProbe(suspension, account.id(), lapse)
        .compose(probe -> first(chosen.future(), suspension))
        .onComplete(ended -> waiting.remove(account.id(), chosen))
        .compose(
            pass ->
                pass.isPresent()
                    ? Future.succeededFuture(pass.get())
                    : enter(account, lapse, turns + 1));
  }

  /** The pass, if this account is chosen before the suspension changes. */
  private Future<Optional<Pass>> first(Future<Pass> chosen, Suspension suspension) {
    Promise<Optional<Pass>> first = Promise.promise();
    chosen.onFailure(first::tryFail);
    chosen.onSuccess(
        pass -> {
          if (!first.tryComplete(Optional.of(pass))) {
            health().releaseProbe(suspension);
          }
        });
    health().changed(suspension).onSuccess(changed -> first.tryComplete(Optional.empty()));
    long timer =
        engine.clock().scheduler().after(LOOK_AGAIN, () -> first.tryComplete(Optional.empty()));
    return engine
        .clock()
        .scheduler()
        .here(first.future().onComplete(end -> engine.clock().scheduler().cancel(timer)));
  }

  /** Probes a suspension on nobody's request, if it is this node's turn. */
  void probe(Suspension suspension, Duration lapse) {
    claimProbe(suspension, null, lapse).onFailure(UpstreamHealth::missed);
  }

  /** One claim of a probe at a time on this node: whoever comes meanwhile shares it. */
  private Future<Optional<Account>> claimProbe(
      Suspension suspension, @Nullable Long asker, Duration lapse) {
    Promise<Optional<Account>> mine = Promise.promise();
    Promise<Optional<Account>> running = claiming.putIfAbsent(suspension, mine);
    if (running != null) {
      return running.future();
    }
    health()
        .claimProbe(suspension, asker, lapse)
        .onSuccess(chosen -> handOver(chosen, new Pass.Probe(suspension)))
        .onComplete(
            ended -> {
              claiming.remove(suspension, mine);
              mine.handle(ended);
            });
    return mine.future();
  }

  /** This node is being stopped: nobody waits for a probe any more. */
  void stop() {
    waiting.values().forEach(waiter -> waiter.tryFail(NoRefresh.shuttingDown().exception()));
  }

  private void handOver(Optional<Account> chosen, Pass.Probe probe) {
    if (chosen.isEmpty()) {
      return;
    }
    Promise<Pass> here = waiting.get(chosen.get().id());
    if (here == null || !here.tryComplete(probe)) {
      start.accept(chosen.get(), probe);
    }
  }

  /** What a refresh is told whose breaker is open. */
  Problem refusal(Account account) {
    Suspension suspension = health().suspended(account.route());
    return suspension == null
        ? Problem.of(ProblemCode.PROVIDER_UNAVAILABLE, "The circuit breaker of the route is open.")
            .withRetryAfter(Duration.ofSeconds(1))
        : health().refusal(suspension);
  }

  private UpstreamHealth health() {
    return engine.upstream().health();
  }
}
