package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.FailPoints;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings tokens that a provider gave onto the row, however long PostgreSQL is away: the commit is
 * repeated until it is read back, and the escrow entry goes only then.
 */
final class Delivery {

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final Backoff BETWEEN_TRIES =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  private final Vertx vertx;
  private final RefreshClaims claims;
  private final Escrow escrow;
  private final OAuthProvider provider;
  private final Announcements announcements;
  private final FailPoints failPoints;

  Delivery(
      Vertx vertx,
      RefreshClaims claims,
      Escrow escrow,
      OAuthProvider provider,
      Announcements announcements,
      FailPoints failPoints) {
    this.vertx = vertx;
    this.claims = claims;
    this.escrow = escrow;
    this.provider = provider;
    this.announcements = announcements;
    this.failPoints = failPoints;
  }

  /**
   * Commits, and tells of it. The row afterwards, or {@code not_found} when the account is gone.
   *
   * @param kept completes when the answer is in escrow
   * @param delayed told why, each time PostgreSQL could not be used
   */
  Future<Account> deliver(
      Platform platform,
      @Nullable Proxy proxy,
      Tokens tokens,
      Future<Void> kept,
      Consumer<Problem> delayed) {
    return failPoints
        .reach(FailPoints.Point.BEFORE_COMMIT)
        .compose(reached -> commit(tokens, delayed, 0))
        .compose(commit -> failPoints.reach(FailPoints.Point.AFTER_COMMIT).map(commit))
        .onSuccess(commit -> forget(tokens, kept))
        .compose(commit -> conclude(platform, proxy, tokens, commit));
  }

  private Future<Commit> commit(Tokens tokens, Consumer<Problem> delayed, int tried) {
    return claims.commit(tokens).recover(failure -> commitLater(tokens, delayed, tried, failure));
  }

  private Future<Commit> commitLater(
      Tokens tokens, Consumer<Problem> delayed, int tried, Throwable failure) {
    if (!(failure instanceof ProblemException expected) || !expected.problem().code().ofStorage()) {
      return Future.failedFuture(failure);
    }
    LOG.atWarn()
        .addKeyValue("account", tokens.account())
        .addKeyValue("attempt", tokens.attempt())
        .log("commit_delayed");
    delayed.accept(expected.problem());
    return vertx
        .timer(BETWEEN_TRIES.exactly(tried).toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
        .compose(waited -> commit(tokens, delayed, tried + 1));
  }

  private void forget(Tokens tokens, Future<Void> kept) {
    kept.onSuccess(done -> escrow.discard(tokens.attempt()));
  }

  private Future<Account> conclude(
      Platform platform, @Nullable Proxy proxy, Tokens tokens, Commit commit) {
    return switch (commit) {
      case Commit.Written written ->
          failPoints
              .reach(FailPoints.Point.BEFORE_NOTICE)
              .onSuccess(reached -> announce(tokens, written))
              .map(written.account());
      case Commit.Already already -> {
        refreshed(tokens, already.account());
        yield Future.succeededFuture(already.account());
      }
      case Commit.Superseded superseded -> {
        LOG.atInfo().addKeyValue("account", tokens.account()).log("answer_superseded");
        announcements.seen(superseded.account());
        yield Future.succeededFuture(superseded.account());
      }
      case Commit.Gone gone -> {
        if (tokens.refreshToken() != null) {
          provider.revoke(platform, proxy, tokens.refreshToken());
        }
        yield Future.failedFuture(AccountReader.notFound(tokens.account()).exception());
      }
    };
  }

  private void announce(Tokens tokens, Commit.Written written) {
    refreshed(tokens, written.account());
    if (written.recovered()) {
      announcements.changedHere(
          written.account(),
          Notice.Type.RECOVERED,
          BenchCause.REFRESH_FAILED,
          "a refresh succeeded",
          "account.recovered",
          Map.of());
    }
  }

  private void refreshed(Tokens tokens, Account after) {
    String trigger = WireName.of(tokens.outcome().trigger());
    announcements.changedHere(
        after,
        Notice.Type.REFRESHED,
        null,
        "refreshed by " + trigger,
        "account.refreshed",
        Map.of("trigger", trigger, "generation", Long.toString(after.generation())));
  }
}
