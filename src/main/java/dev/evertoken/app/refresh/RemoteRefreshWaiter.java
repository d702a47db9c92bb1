package dev.evertoken.app.refresh;

import dev.evertoken.app.refresh.AttemptEnd.Again;
import dev.evertoken.app.refresh.AttemptEnd.Follow;
import dev.evertoken.app.refresh.AttemptEnd.Over;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.LastRefresh;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Waits for the end of a refresh that another node runs and adopts its outcome: woken by the
 * notice, with a slow look at the row behind it, as notices are hints.
 */
final class RemoteRefreshWaiter {

  private static final Duration SLOW_LOOK = Duration.ofMillis(500);

  private final Engine engine;
  private final Map<Long, Promise<Void>> woken = new ConcurrentHashMap<>();

  RemoteRefreshWaiter(Engine engine) {
    this.engine = engine;
    engine.announcements().watch(row -> wake(row.id()), this::wake);
  }

  /**
   * How it stands after the claim that is followed has ended or lapsed; fails when PostgreSQL
   * cannot be read.
   */
  Future<AttemptEnd> follow(Follow follow, Account seen) {
    return pause(seen.id())
        .compose(paused -> engine.stores().accounts().find(seen.id()))
        .compose(found -> look(found, follow, seen));
  }

  private Future<AttemptEnd> look(Optional<Account> found, Follow follow, Account seen) {
    if (found.isEmpty()) {
      return Future.failedFuture(NoRefresh.notFound().exception());
    }
    Account row = found.get();
    if (row.generation() > seen.generation() && row.credentials().validAt(engine.now())) {
      engine.announcements().seen(row);
      return Future.succeededFuture(new Over(new RefreshOutcome.Refreshed(row)));
    }
    Claim claim = row.credentials().claim();
    if (claim != null && claim.attempt().equals(follow.claim().attempt())) {
      return LapsedClaims.lapsed(claim, engine.now())
          ? Future.succeededFuture(new Again())
          : follow(follow, seen);
    }
    return Future.succeededFuture(ended(row, follow));
  }

  private static AttemptEnd ended(Account row, Follow follow) {
    LastRefresh last = row.lastRefresh();
    boolean adopted =
        last != null && last.attempt().equals(follow.claim().attempt()) && !last.succeeded();
    return adopted && last != null
        ? Over.failed(FailureProblems.adopted(last, row), last.result(), row)
        : new Again();
  }

  private Future<Void> pause(long account) {
    Promise<Void> wake = woken.computeIfAbsent(account, id -> Promise.promise());
    long timer = engine.clock().scheduler().after(SLOW_LOOK, () -> wake(account));
    return engine
        .clock()
        .scheduler()
        .here(wake.future().onComplete(done -> engine.clock().scheduler().cancel(timer)));
  }

  private void wake(long account) {
    Promise<Void> wake = woken.remove(account);
    if (wake != null) {
      wake.tryComplete();
    }
  }
}
