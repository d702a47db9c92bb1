package dev.evertoken.app;

import dev.evertoken.app.RefreshStage.Again;
import dev.evertoken.app.RefreshStage.Done;
import dev.evertoken.app.RefreshStage.Following;
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
final class Followers {

  private static final Duration SLOW_LOOK = Duration.ofMillis(500);

  private final RefreshParts parts;
  private final Map<Long, Promise<Void>> woken = new ConcurrentHashMap<>();

  Followers(RefreshParts parts) {
    this.parts = parts;
    parts.announcements().watch(row -> wake(row.id()), this::wake);
  }

  /**
   * The stage after the claim that is followed has ended or lapsed; fails when PostgreSQL cannot be
   * read.
   */
  Future<RefreshStage> follow(Following following, Account seen) {
    return pause(seen.id())
        .compose(paused -> parts.store().find(seen.id()))
        .compose(found -> look(found, following, seen));
  }

  private Future<RefreshStage> look(Optional<Account> found, Following following, Account seen) {
    if (found.isEmpty()) {
      return Future.failedFuture(AccountReader.notFound(seen.id()).exception());
    }
    Account row = found.get();
    if (row.generation() > seen.generation()) {
      parts.announcements().seen(row);
      return Future.succeededFuture(new Done(new RefreshOutcome.Refreshed(row)));
    }
    Claim claim = row.credentials().claim();
    if (claim != null && claim.attempt().equals(following.claim().attempt())) {
      return Lapses.lapsed(claim, parts.time().instant())
          ? Future.succeededFuture(new Again(row))
          : follow(following, seen);
    }
    return Future.succeededFuture(ended(row, following));
  }

  private static RefreshStage ended(Account row, Following following) {
    LastRefresh last = row.lastRefresh();
    boolean adopted =
        last != null && last.attempt().equals(following.claim().attempt()) && !last.succeeded();
    return adopted && last != null
        ? Done.failed(FailureProblems.adopted(last, row), last.result(), row)
        : new Again(row);
  }

  private Future<Void> pause(long account) {
    Promise<Void> wake = woken.computeIfAbsent(account, id -> Promise.promise());
    long timer = parts.vertx().setTimer(SLOW_LOOK.toMillis(), fired -> wake(account));
    return wake.future().onComplete(done -> parts.vertx().cancelTimer(timer));
  }

  private void wake(long account) {
    Promise<Void> wake = woken.remove(account);
    if (wake != null) {
      wake.tryComplete();
    }
  }
}
