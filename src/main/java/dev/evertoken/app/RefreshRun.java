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
import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.FailPoints.Point;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One refresh under one claim, from the claim to its end (semantics, section 3, steps 3 to 9).
 *
 * <p>Each step takes the stage before it and answers the next one; the claim is given up only by
 * {@link Settling}, by the commit, or because nothing was sent.
 */
final class RefreshRun {

  private final RefreshParts parts;
  private final Settling settling;
  private final Platform platform;
  private final Account account;
  private final @Nullable Proxy proxy;
  private final @Nullable Secret refreshToken;
  private final UUID attempt;
  private final Trigger trigger;
  private final Exchange exchange;
  private final Routes.Pass pass;
  private final Share.Permit place;
  private final Consumer<Problem> stuck;
  private final BooleanSupplier stopping;
  private final long startedNanos;

  private int tries;

  /** An earlier try of this run was sent and not answered: whatever ends it now, it may be done. */
  private @Nullable String doubt;

  RefreshRun(
      RefreshParts parts,
      Platform platform,
      Claimed claimed,
      UUID attempt,
      Trigger trigger,
      Demand demand,
      Routes.Pass pass,
      Share.Permit place,
      long claimAskedNanos,
      Consumer<Problem> stuck,
      BooleanSupplier stopping) {
    this.parts = parts;
    this.platform = platform;
    this.account = claimed.taken().account();
    this.proxy = claimed.taken().proxy();
    this.refreshToken = claimed.taken().refreshToken();
    this.attempt = attempt;
    this.trigger = trigger;
    this.pass = pass;
    this.place = place;
    this.stuck = stuck;
    this.stopping = stopping;
    this.startedNanos = claimAskedNanos;
    this.exchange =
        new Exchange(
            parts,
            platform,
            proxy,
            new HeldClaim(parts, platform, account, attempt, claimAskedNanos),
            demand);
    this.settling = new Settling(parts, platform, account, attempt, this::outcome);
  }

  Future<RefreshStage> run() {
    if (refreshToken == null) {
      return settling.permanent("refresh_token_missing", "the account has no refresh token");
    }
    if (account.proxyId() != null && proxy == null) {
      return settling.proxyMissing();
    }
    Secret presented = refreshToken;
    return parts.failPoints().reach(Point.AFTER_CLAIM).compose(reached -> tryOnce(presented));
  }

  private Future<RefreshStage> tryOnce(Secret presented) {
    tries++;
    return parts
        .routes()
        .guard(platform, route(), () -> exchange.present(presented))
        .<RefreshStage>map(answer -> new Answered(answer, exchange.requestedAt()))
        .recover(this::notAnswered)
        .compose(stage -> next(stage, presented));
  }

  private Future<RefreshStage> notAnswered(Throwable failure) {
    return switch (failure) {
      case ConnectFailure connect ->
          Future.succeededFuture(new Unsent(connect.proxyFault(), text(connect)));
      case NoAnswer lost -> Future.succeededFuture(new Unanswered(text(lost)));
      case HeldClaim.Lost lost -> Future.succeededFuture(new Again(account));
      case ProblemException ours -> unlessDoubtful(() -> settling.unsent(ours));
      default -> Future.failedFuture(failure);
    };
  }

  private Future<RefreshStage> next(RefreshStage stage, Secret presented) {
    return switch (stage) {
      case Answered answered ->
          parts
              .failPoints()
              .reach(Point.AFTER_ANSWER)
              .compose(reached -> answered(answered, presented));
      case Unsent unsent -> unsent(unsent, presented);
      case Unanswered unanswered -> unknown(unanswered.why(), presented);
      case Again again -> Future.succeededFuture(again);
      case Done done -> Future.succeededFuture(done);
      case Following following -> Future.succeededFuture(following);
      case Claimed claimed -> Future.failedFuture(new IllegalStateException("claimed twice"));
      case Delivering delivering ->
          Future.failedFuture(new IllegalStateException("delivered before it was judged"));
    };
  }

  private Future<RefreshStage> answered(Answered answered, Secret presented) {
    RawAnswer answer = answered.answer();
    Escrow.Entry entry = entry(answered, presented);
    boolean success = answer.status() / 100 == 2;
    Future<Void> kept = success ? keep(entry) : Future.succeededFuture();
    return switch (Judge.judge(parts.provider().read(answer, platform), platform)) {
      case Judgement.Tokens tokens ->
          parts
              .routes()
              .worked(route(), pass)
              .otherwiseEmpty()
              .compose(
                  worked -> deliver(entry, new Delivering(tokens, answered.requestedAt()), kept));
      case Judgement.Permanent permanent ->
          forget(kept).compose(gone -> permanent(permanent.code()));
      case Judgement.ProviderConfig config ->
          forget(kept).compose(gone -> config(config.code(), presented));
      case Judgement.Transient failed -> forget(kept).compose(g -> failed(failed.why(), presented));
      case Judgement.Throttled throttled ->
          forget(kept)
              .compose(
                  gone ->
                      parts
                          .routes()
                          .throttled(platform, clamped(throttled.retryAfter()))
                          .otherwiseEmpty())
              .compose(
                  told ->
                      unlessDoubtful(() -> settling.throttled(clamped(throttled.retryAfter()))));
      case Judgement.Refused refused ->
          forget(kept)
              .compose(
                  g -> failed("status " + refused.status() + ", " + refused.code(), presented));
      case Judgement.Successor successor ->
          forget(kept).compose(g -> unknown(successor.why(), presented));
      case Judgement.Unreadable unreadable ->
          forget(kept).compose(g -> unknown(unreadable.why(), presented));
      case Judgement.Unknown unknown ->
          forget(kept).compose(g -> unknown(unknown.why(), presented));
    };
  }

  private static Duration clamped(@Nullable Duration asked) {
    Duration wait = asked == null ? Duration.ofSeconds(60) : asked;
    Duration most = Duration.ofMinutes(15);
    return wait.compareTo(Duration.ofSeconds(1)) < 0
        ? Duration.ofSeconds(1)
        : wait.compareTo(most) > 0 ? most : wait;
  }

  private Future<Void> keep(Escrow.Entry entry) {
    return parts.escrow().keep(entry).durable().compose(done -> parts.failPoints().reach(Point.AFTER_ESCROW));
  }

  /** The answer held no tokens: nothing is worth keeping. */
  private Future<Void> forget(Future<Void> kept) {
    kept.onSuccess(done -> parts.escrow().discard(attempt));
    return Future.succeededFuture();
  }

  private Future<RefreshStage> deliver(
      Escrow.Entry entry, Delivering delivering, Future<Void> kept) {
    // The route has done its part; that PostgreSQL takes its time is no reason to keep others off
    // it.
    place.close();
    LastRefresh success = outcome(RefreshClass.SUCCESS, delivering.tokens().warning());
    return parts
        .delivery()
        .deliver(
            platform,
            proxy,
            TokenWrites.of(platform, entry, delivering.tokens(), success, parts.time().instant()),
            kept,
            stuck)
        .map(row -> new Done(new RefreshOutcome.Refreshed(row)));
  }

  private Future<RefreshStage> permanent(String code) {
    return parts
        .routes()
        .worked(route(), pass)
        .otherwiseEmpty()
        .compose(
            worked ->
                settling.permanent(
                    code,
                    account.credentials().unknownSince() == null && doubt == null
                        ? "the provider answered " + code
                        : "rotation was lost: the provider answered " + code));
  }

  private Future<RefreshStage> config(String code, Secret presented) {
    if (code.equals("invalid_client") && exchange.nextClientSecret()) {
      return exchange.extendClaim().compose(held -> tryOnce(presented)).recover(this::notAnswered);
    }
    return parts
        .routes()
        .misconfigured(platform, code)
        .otherwiseEmpty()
        .compose(told -> unlessDoubtful(() -> settling.config(code)));
  }

  private Future<RefreshStage> unsent(Unsent unsent, Secret presented) {
    if (unsent.proxyFault()) {
      return parts
          .routes()
          .failed(platform, route(), pass, true, unsent.why())
          .otherwise(false)
          .compose(suspended -> unlessDoubtful(() -> settling.proxy(unsent.why())));
    }
    return failed(unsent.why(), presented);
  }

  /** The provider did not do it, or nothing was sent: once more, or the end. */
  private Future<RefreshStage> failed(String why, Secret presented) {
    return parts
        .routes()
        .failed(platform, route(), pass, false, why)
        .otherwise(false)
        .compose(
            suspended ->
                unlessDoubtful(
                    () -> suspended ? settling.outage(why) : retryOrBench(why, presented)));
  }

  /** Only tokens or a refusal of the grant end a doubt. */
  private Future<RefreshStage> unlessDoubtful(Supplier<Future<RefreshStage>> end) {
    return doubt == null ? end.get() : settling.unknown(doubt);
  }

  private Future<RefreshStage> retryOrBench(String why, Secret presented) {
    Duration spent = Duration.ofNanos(parts.time().nanos() - startedNanos);
    Duration pause =
        new Backoff(parts.settings().retryBackoff(), parts.settings().deadline())
            .jittered(tries - 1);
    boolean inTime = spent.plus(pause).compareTo(parts.settings().deadline()) < 0;
    if (tries >= parts.settings().maxAttempts() || !inTime || stopping.getAsBoolean()) {
      return settling.benched(why);
    }
    return parts
        .vertx()
        .timer(Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS)
        .compose(waited -> exchange.extendClaim())
        .compose(held -> tryOnce(presented))
        .recover(this::notAnswered);
  }

  /** It was sent and may have been done: what follows is the platform's rotation's to say. */
  private Future<RefreshStage> unknown(String why, Secret presented) {
    Future<Boolean> suspended =
        parts.routes().failed(platform, route(), pass, false, why).otherwise(false);
    return switch (platform.rotation()) {
      case Rotation.None none ->
          suspended.compose(open -> open ? settling.outage(why) : settling.benched(why));
      case Rotation.Grace grace when mayRepeat(grace) -> {
        doubt = why;
        yield suspended
            .compose(open -> exchange.extendClaim())
            .compose(held -> tryOnce(presented))
            .recover(this::notAnswered);
      }
      case Rotation.Grace grace -> suspended.compose(open -> settling.unknown(why));
      case Rotation.UntilUsed untilUsed -> suspended.compose(open -> settling.unknown(why));
      case Rotation.Strict strict -> suspended.compose(open -> settling.unknown(why));
    };
  }

  private boolean mayRepeat(Rotation.Grace grace) {
    Duration spent = Duration.ofNanos(parts.time().nanos() - startedNanos);
    Duration needed = spent.plus(platform.refresh().totalTimeout());
    return tries < parts.settings().maxAttempts()
        && needed.compareTo(grace.within()) < 0
        && !stopping.getAsBoolean();
  }

  private Escrow.Entry entry(Answered answered, Secret presented) {
    return new Escrow.Entry(
        attempt,
        new Escrow.Holder(account.id(), account.incarnation(), account.platform()),
        new Escrow.Presented(
            presented, account.credentials().refreshTokenSequence(), account.generation()),
        answered.requestedAt(),
        trigger,
        answered.answer());
  }

  private LastRefresh outcome(RefreshClass result, @Nullable String detail) {
    Duration took = Duration.ofNanos(parts.time().nanos() - startedNanos);
    return new LastRefresh(attempt, parts.time().instant(), result, trigger, took, detail);
  }

  private Route route() {
    return account.route();
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? "no reason given" : failure.getMessage();
  }
}
