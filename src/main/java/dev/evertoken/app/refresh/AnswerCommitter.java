package dev.evertoken.app.refresh;

import dev.evertoken.app.refresh.ExchangeResult.Judged;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.FailPoints.Point;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.Tokens;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a provider gave onto the row, however long PostgreSQL is away: the commit is repeated
 * until it is read back, and only then does the escrow mark its record as committed.
 */
final class AnswerCommitter {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerCommitter.class);
  private static final Backoff BETWEEN_TRIES =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  private final Engine engine;
  private final @Nullable String traceId;

  /**
   * Commits the answers of one attempt.
   *
   * @param traceId names the request of the caller that started it, in the log; or null
   */
  AnswerCommitter(Engine engine, @Nullable String traceId) {
    this.engine = engine;
    this.traceId = traceId;
  }

  /** What is done with the new refresh token of an account that is gone. */
  interface Orphan {
    /** Ends the grant upstream. */
    void revoke(Secret refreshToken);
  }

  /**
   * Commits the answer of an attempt, and tells of it. The row afterwards; fails with {@code
   * not_found} when the account is gone.
   */
  Future<Account> commit(Claimed claimed, Judged judged) {
    Escrow.Entry entry = claimed.entry(judged.answer(), judged.sentAt());
    Tokens tokens = tokens(claimed, judged.judgement(), entry);
    return commit(tokens, problem -> claimed.request().surroundings().stuck(problem))
        .compose(
            commit ->
                conclude(
                    tokens,
                    commit,
                    judged.kept().written(),
                    token ->
                        engine
                            .upstream()
                            .provider()
                            .revoke(
                                claimed.platform(),
                                claimed.proxy(),
                                token,
                                engine.upstream().secrets().first(claimed.platform()))));
  }

  /** The same for an answer that another attempt left in the escrow. */
  Future<Account> adopt(Claimed claimed, Siblings.Sibling sibling) {
    Tokens theirs = tokens(claimed, sibling.judgement(), sibling.entry());
    Tokens ours =
        new Tokens(
            claimed.attempt(),
            theirs.holder(),
            new Escrow.Presented(
                claimed.refreshToken(),
                claimed.account().credentials().refreshTokenSequence(),
                claimed.account().generation()),
            theirs.access(),
            theirs.refresh(),
            theirs.next(),
            theirs.details());
    return commit(ours, problem -> claimed.request().surroundings().stuck(problem))
        .compose(commit -> conclude(ours, commit, Future.succeededFuture(), orphan -> {}))
        .onSuccess(row -> engine.stores().escrow().discard(sibling.entry().attempt()));
  }

  private Tokens tokens(Claimed claimed, Judgement judgement, Escrow.Entry entry) {
    return switch (judgement) {
      case Judgement.Tokens given -> {
        LastRefresh success = claimed.outcome(RefreshClass.SUCCESS, given.warning());
        yield TokenWrites.of(claimed.platform(), entry, given, success, engine.now());
      }
      case Judgement.Successor given -> {
        LastRefresh success = claimed.outcome(RefreshClass.SUCCESS, given.why());
        yield TokenWrites.of(claimed.platform(), entry, given, success, engine.now());
      }
      case Judgement.Permanent p -> throw nothingToCommit();
      case Judgement.Refused r -> throw nothingToCommit();
      case Judgement.ProviderConfig c -> throw nothingToCommit();
      case Judgement.Transient t -> throw nothingToCommit();
      case Judgement.Throttled t -> throw nothingToCommit();
      case Judgement.Unknown u -> throw nothingToCommit();
      case Judgement.Unreadable u -> throw nothingToCommit();
    };
  }

  private static IllegalStateException nothingToCommit() {
    return new IllegalStateException("an answer without tokens");
  }

  /**
   * Commits, repeated until PostgreSQL has answered.
   *
   * @param delayed told why, each time PostgreSQL could not be used
   */
  Future<Commit> commit(Tokens tokens, Consumer<Problem> delayed) {
    return engine
        .stores()
        .failPoints()
        .reach(Point.BEFORE_COMMIT)
        .compose(reached -> commit(tokens, delayed, 0))
        .compose(commit -> engine.stores().failPoints().reach(Point.AFTER_COMMIT).map(commit));
  }

  private Future<Commit> commit(Tokens tokens, Consumer<Problem> delayed, int tried) {
    return engine
        .claims()
        .commit(tokens)
        .recover(failure -> commitLater(tokens, delayed, tried, failure));
  }

  private Future<Commit> commitLater(
      Tokens tokens, Consumer<Problem> delayed, int tried, Throwable failure) {
    if (!(failure instanceof ProblemException expected) || !expected.problem().code().ofStorage()) {
      return Future.failedFuture(failure);
    }
    if (tried == 0) {
      LOG.atWarn()
          .addKeyValue("account", tokens.holder().account())
          .addKeyValue("attempt", tokens.attempt())
          .addKeyValue("trace_id", traceId)
          .log("commit_delayed");
    }
    delayed.accept(expected.problem());
    return engine
        .clock()
        .scheduler()
        .pause(BETWEEN_TRIES.exactly(0).plus(BETWEEN_TRIES.jittered(tried, engine.clock().nanos())))
        .compose(waited -> commit(tokens, delayed, tried + 1));
  }

  /**
   * What follows from a commit.
   *
   * @param kept completes when the answer is in the escrow
   */
  Future<Account> conclude(Tokens tokens, Commit commit, Future<Void> kept, Orphan orphan) {
    Escrow escrow = engine.stores().escrow();
    return switch (commit) {
      case Commit.Written written -> {
        kept.onSuccess(done -> escrow.committed(tokens.attempt()));
        engine.stores().left().superseded(tokens.holder().account(), tokens.presented().sequence());
        yield engine
            .stores()
            .failPoints()
            .reach(Point.BEFORE_NOTICE)
            .onSuccess(reached -> announce(tokens, written))
            .map(written.account());
      }
      case Commit.Already already -> {
        kept.onSuccess(done -> escrow.committed(tokens.attempt()));
        refreshed(tokens, already.account());
        yield Future.succeededFuture(already.account());
      }
      case Commit.Superseded superseded -> {
        superseded(tokens, superseded, kept);
        yield Future.succeededFuture(superseded.account());
      }
      case Commit.Gone gone -> {
        kept.onSuccess(done -> escrow.discard(tokens.attempt()));
        Secret next = tokens.refresh().next();
        if (next != null) {
          orphan.revoke(next);
        }
        yield Future.failedFuture(NoRefresh.notFound().exception());
      }
    };
  }

  /** A sibling's successor may be the one that counts: its record stays (see the port). */
  private void superseded(Tokens tokens, Commit.Superseded superseded, Future<Void> kept) {
    LOG.atInfo()
        .addKeyValue("account", tokens.holder().account())
        .addKeyValue("trace_id", traceId)
        .log("answer_superseded");
    engine.announcements().seen(superseded.account());
    if (superseded.sibling()) {
      engine
          .stores()
          .left()
          .add(
              tokens.attempt(),
              tokens.holder().account(),
              tokens.presented().sequence(),
              rotation(tokens.holder().platform()));
    } else {
      kept.onSuccess(done -> engine.stores().escrow().discard(tokens.attempt()));
    }
  }

  private Rotation rotation(String platform) {
    return engine
        .platforms()
        .find(platform)
        .map(Platform::rotation)
        .orElseGet(Rotation.Strict::new);
  }

  private void announce(Tokens tokens, Commit.Written written) {
    refreshed(tokens, written.account());
    if (written.recovered()) {
      engine
          .announcements()
          .changedHere(
              written.account(),
              Notice.Type.RECOVERED,
              BenchCause.REFRESH_FAILED,
              "a refresh succeeded",
              "account.recovered",
              Map.of());
    }
  }

  private void refreshed(Tokens tokens, Account after) {
    String trigger = WireName.of(tokens.details().outcome().trigger());
    engine
        .announcements()
        .changedHere(
            after,
            Notice.Type.REFRESHED,
            null,
            "refreshed by " + trigger,
            "account.refreshed",
            Map.of("trigger", trigger, "generation", Long.toString(after.generation())));
  }
}
