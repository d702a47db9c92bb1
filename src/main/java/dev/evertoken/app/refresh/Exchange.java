package dev.evertoken.app.refresh;

import dev.evertoken.app.refresh.ExchangeResult.ClaimLost;
import dev.evertoken.app.refresh.ExchangeResult.Judged;
import dev.evertoken.app.refresh.ExchangeResult.Ours;
import dev.evertoken.app.refresh.ExchangeResult.Unanswered;
import dev.evertoken.app.refresh.ExchangeResult.Unsent;
import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.FailPoints.Point;
import dev.evertoken.port.OAuthProvider.ClientSecretChoice;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.port.OAuthProvider.Connection;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import io.vertx.core.Future;
import java.time.Instant;

/**
 * Presents a refresh token under one claim: connect, wait for a permit of the platform, look at the
 * claim once more, send, write the answer down, judge it.
 */
final class Exchange {

  private final Claimed claimed;
  private final Engine engine;

  Exchange(Claimed claimed) {
    this.claimed = claimed;
    this.engine = claimed.engine();
  }

  /** Presents it once. Fails only by a bug. */
  Future<ExchangeResult> present(ClientSecretChoice secret) {
    return engine
        .upstream()
        .provider()
        .connect(claimed.platform(), claimed.proxy())
        .compose(connection -> whenPermitted(connection, secret))
        .recover(Exchange::unsent);
  }

  private Future<ExchangeResult> whenPermitted(Connection connection, ClientSecretChoice secret) {
    return engine
        .upstream()
        .permits()
        .platform(
            claimed.platform(),
            claimed.request().demand(),
            claimed.platform().refresh().totalTimeout())
        .compose(
            permit ->
                ensureClaim()
                    .compose(ours -> send(connection, secret))
                    .onComplete(done -> permit.close()))
        .onFailure(failure -> connection.close());
  }

  private Future<Void> ensureClaim() {
    if (claimed.request().stopping()) {
      return Future.failedFuture(NoRefresh.shuttingDown().exception());
    }
    return engine
        .stores()
        .failPoints()
        .reach(Point.BEFORE_SEND)
        .compose(reached -> claimed.claim().ensure());
  }

  private Future<ExchangeResult> send(Connection connection, ClientSecretChoice secret) {
    Instant sentAt = engine.now();
    return connection
        .refresh(claimed.refreshToken(), secret)
        .compose(answer -> engine.stores().failPoints().reach(Point.AFTER_ANSWER).map(answer))
        .compose(answer -> keep(answer, sentAt))
        .recover(failure -> unanswered(failure, sentAt));
  }

  /** The bytes are written down before anything about them is judged (law 4). */
  private Future<ExchangeResult> keep(RawAnswer answer, Instant sentAt) {
    Escrow.Kept kept = answer.mayHoldTokens() ? keep(claimed.entry(answer, sentAt)) : NOT_KEPT;
    return kept.written()
        .otherwiseEmpty()
        .map(written -> new Judged(answer, judge(answer, sentAt), kept, sentAt));
  }

  private Judgement judge(RawAnswer answer, Instant sentAt) {
    Platform platform = claimed.platform();
    return Judge.judge(engine.upstream().provider().read(answer, platform), platform, sentAt);
  }

  private Escrow.Kept keep(Escrow.Entry answer) {
    Escrow.Kept kept = engine.stores().escrow().keep(answer);
    return new Escrow.Kept(
        kept.written().compose(done -> engine.stores().failPoints().reach(Point.AFTER_ESCROW)),
        kept.durable());
  }

  private static final Escrow.Kept NOT_KEPT =
      new Escrow.Kept(Future.succeededFuture(), Future.succeededFuture());

  private static Future<ExchangeResult> unanswered(Throwable failure, Instant sentAt) {
    return failure instanceof NoAnswer lost
        ? Future.succeededFuture(new Unanswered(text(lost), sentAt))
        : Future.failedFuture(failure);
  }

  private static Future<ExchangeResult> unsent(Throwable failure) {
    return switch (failure) {
      case ConnectFailure connect ->
          Future.succeededFuture(new Unsent(connect.blame(), text(connect)));
      case ClaimHold.Lost lost -> Future.succeededFuture(new ClaimLost());
      case ProblemException ours -> Future.succeededFuture(new Ours(ours.problem()));
      default -> Future.failedFuture(failure);
    };
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? "no reason given" : failure.getMessage();
  }
}
