package dev.evertoken.app.refresh;

import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers what a crash left in the escrow, before anything else may refresh those accounts. */
public final class EscrowReplay {

  private static final Logger LOG = LoggerFactory.getLogger(EscrowReplay.class);

  private final Escrow escrow;
  private final OAuthProvider provider;
  private final AnswerCommitter committer;
  private final Platforms platforms;
  private final Time time;

  public EscrowReplay(Engine engine) {
    this.escrow = engine.stores().escrow();
    this.provider = engine.upstream().provider();
    this.committer = new AnswerCommitter(engine);
    this.platforms = engine.platforms();
    this.time = engine.clock().time();
  }

  /** Delivers this node's own escrow; completes with how many answers were delivered. */
  public Future<Integer> run() {
    return escrow.pending().compose(this::deliver);
  }

  /**
   * Delivers these entries, of this node or of a lost one's disk, oldest first. One that cannot be
   * delivered keeps none of the others; it fails the whole at the end, for another try.
   */
  public Future<Integer> deliver(List<Escrow.Entry> entries) {
    List<Future<Boolean>> each = new ArrayList<>();
    Future<?> before = Future.succeededFuture();
    for (Escrow.Entry entry : entries) {
      Future<Boolean> one = before.transform(ended -> one(entry));
      each.add(one);
      before = one;
    }
    return Future.join(each)
        .map(all -> (int) each.stream().filter(one -> Boolean.TRUE.equals(one.result())).count());
  }

  private Future<Boolean> one(Escrow.Entry entry) {
    Platform platform = platforms.find(entry.holder().platform()).orElse(null);
    if (platform == null) {
      LOG.atError()
          .addKeyValue("account", entry.holder().account())
          .addKeyValue("platform", entry.holder().platform())
          .log("escrow_platform_unknown");
      return Future.succeededFuture(false);
    }
    Judgement judged = Judge.judge(provider.read(entry.answer(), platform), platform);
    if (!(judged instanceof Judgement.Tokens tokens)) {
      return escrow.discard(entry.attempt()).map(false);
    }
    RefreshClaims.Tokens answer =
        TokenWrites.of(platform, entry, tokens, outcome(entry), time.instant());
    return committer
        .commit(answer, delayed -> {})
        .compose(
            commit -> committer.conclude(answer, commit, Future.succeededFuture(), orphan -> {}))
        .map(true)
        .recover(failure -> gone(entry, failure))
        .onSuccess(done -> LOG.atInfo().addKeyValue("account", entry.account()).log("replayed"));
  }

  private Future<Boolean> gone(Escrow.Entry entry, Throwable failure) {
    boolean deleted =
        failure instanceof ProblemException expected
            && expected.problem().code() == ProblemCode.NOT_FOUND;
    return deleted ? escrow.discard(entry.attempt()).map(false) : Future.failedFuture(failure);
  }

  private static LastRefresh outcome(Escrow.Entry entry) {
    return new LastRefresh(
        entry.attempt(),
        entry.requestedAt(),
        RefreshClass.SUCCESS,
        entry.trigger(),
        Duration.ZERO,
        null);
  }
}
