package dev.evertoken.app.refresh;

import dev.evertoken.app.refresh.AttemptEnd.Again;
import dev.evertoken.app.refresh.ExchangeResult.Judged;
import dev.evertoken.app.refresh.ExchangeResult.Unanswered;
import dev.evertoken.app.refresh.ExchangeResult.Unsent;
import dev.evertoken.app.route.Exchanged;
import dev.evertoken.app.route.RouteBlame;
import dev.evertoken.app.route.RouteBlame.Finding;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.RouteFault;
import dev.evertoken.port.OAuthProvider.ClientSecretChoice;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What follows from each exchange of one claimed attempt (semantics, section 3, the table): blame
 * first, then a commit, another presentation, or an end that is written to the row.
 */
final class AfterExchange {

  /** Before a refusal is final it is confirmed, where presenting the token again does no harm. */
  private static final Duration BEFORE_CONFIRMING = Duration.ofSeconds(2);

  private static final Duration REFUSED_WITHIN = Duration.ofHours(1);

  private final Claimed claimed;
  private final Engine engine;
  private final FailedRefreshWriter failures;
  private int tries;
  private ClientSecretChoice secret;
  private boolean confirming;

  /** Why an earlier presentation of this attempt may have been done, or null. */
  private @Nullable String doubt;

  AfterExchange(Claimed claimed, FailedRefreshWriter failures) {
    this.claimed = claimed;
    this.engine = claimed.engine();
    this.failures = failures;
    this.secret = engine.upstream().secrets().first(claimed.platform());
  }

  /** With which client secret the next exchange is made; the one that worked last comes first. */
  ClientSecretChoice clientSecret() {
    return secret;
  }

  /** The provider answered. */
  Future<Step> judged(Judged judged) {
    tries++;
    Exchanged exchange = claimed.exchanged(judged.sentAt());
    return switch (judged.judgement()) {
      case Judgement.Tokens tokens -> success(exchange, judged);
      case Judgement.Successor successor -> success(exchange, judged);
      case Judgement.Permanent permanent ->
          understood(exchange, judged, () -> permanent(exchange, permanent));
      case Judgement.ProviderConfig config ->
          understood(exchange, judged, () -> config(exchange, config.code()));
      case Judgement.Refused refused -> dropped(judged, () -> refused(exchange, refused));
      case Judgement.Transient failed -> dropped(judged, () -> failed(exchange, failed));
      case Judgement.Throttled throttled ->
          dropped(judged, () -> throttled(exchange, throttled.retryAfter()));
      case Judgement.Unknown unknown -> left(judged, () -> unknown(exchange, unknown.why()));
      case Judgement.Unreadable unreadable ->
          left(judged, () -> unreadable(exchange, judged, unreadable.why()));
    };
  }

  private Future<Step> success(Exchanged exchange, Judged judged) {
    engine.upstream().secrets().worked(claimed.platform(), secret);
    engine.upstream().clients().worked(exchange);
    engine.upstream().unlikeTemplate().answered(claimed, judged);
    return blame().understood(exchange, true).map(told -> new Step.Commit(judged));
  }

  private Future<Step> understood(Exchanged exchange, Judged judged, Supplier<Future<Step>> then) {
    return dropped(judged, () -> blame().understood(exchange, false).compose(told -> then.get()));
  }

  /** A refusal that was understood holds no tokens: its record in the escrow can go. */
  private Future<Step> dropped(Judged judged, Supplier<Future<Step>> then) {
    if (judged.answer().mayHoldTokens()) {
      judged
          .kept()
          .written()
          .onSuccess(written -> engine.stores().escrow().discard(claimed.attempt()));
    }
    return then.get();
  }

  /** Nobody has understood it: its record in the escrow stays. */
  private Future<Step> left(Judged judged, Supplier<Future<Step>> then) {
    if (judged.answer().mayHoldTokens()) {
      claimed.leaveAnswer();
    }
    return then.get();
  }

  private Future<Step> permanent(Exchanged exchange, Judgement.Permanent permanent) {
    String said = "the provider answered " + permanent.code();
    boolean confirms =
        switch (claimed.platform().rotation()) {
          case Rotation.Strict strict -> false;
          case Rotation.None none -> true;
          case Rotation.Grace grace -> true;
          case Rotation.UntilUsed untilUsed -> true;
        };
    if (confirms && !confirming) {
      confirming = true;
      return again(BEFORE_CONFIRMING, () -> failures.draining(said));
    }
    if (!confirms && permanent.generic()) {
      return refused(exchange, new Judgement.Refused(400, permanent.code()));
    }
    return new Siblings(claimed)
        .find()
        .compose(
            sibling ->
                sibling.isPresent()
                    ? Future.succeededFuture(new Step.Adopt(sibling.get()))
                    : lost(permanent.code(), said));
  }

  private Future<Step> lost(String code, String said) {
    boolean lost = doubt != null || claimed.account().credentials().unknownSince() != null;
    return failures.permanent(code, lost ? "rotation was lost: " + said : said).map(Step.End::new);
  }

  /** Another of the platform's client secrets first; then it is somebody's fault. */
  private Future<Step> config(Exchanged exchange, String code) {
    int secrets = claimed.platform().clientSecrets().size();
    if (code.equals("invalid_client") && tries < secrets) {
      secret = ClientSecrets.after(secret, claimed.platform());
      return again(Duration.ZERO, () -> failures.draining("the provider answered " + code));
    }
    return engine
        .upstream()
        .clients()
        .refused(exchange, code)
        .compose(
            fault ->
                history(exchange)
                    .compose(h -> unlessDoubtful(h, () -> failures.config(code, fault, h))));
  }

  private Future<Step> refused(Exchanged exchange, Judgement.Refused refused) {
    String why =
        "status " + refused.status() + (refused.code() == null ? "" : ", " + refused.code());
    return blame()
        .failed(exchange, RouteFault.PAGE, why, true)
        .compose(finding -> refusedOften(exchange, finding, refused.status(), why));
  }

  /** Refused for an hour while the neighbours succeed: it is the grant. */
  private Future<Step> refusedOften(Exchanged exchange, Finding finding, int status, String why) {
    Instant now = engine.now();
    if (!finding.history().refusedForGood(now)) {
      return end(exchange, finding, why, null);
    }
    return blame()
        .othersSucceededAt(exchange)
        .compose(
            at ->
                at.isAfter(now.minus(REFUSED_WITHIN))
                    ? failures
                        .permanent(
                            "refused",
                            "refused "
                                + finding.history().refusals()
                                + " times with status "
                                + status)
                        .map(Step.End::new)
                    : end(exchange, finding, why, null));
  }

  private Future<Step> failed(Exchanged exchange, Judgement.Transient failed) {
    return blame()
        .failed(exchange, failed.fault(), failed.why(), false)
        .compose(finding -> retry(exchange, finding, failed.why(), failed.retryAfter()));
  }

  /** Nothing was sent. */
  Future<Step> unsent(Unsent unsent) {
    tries++;
    Exchanged exchange = claimed.exchanged(engine.now());
    return switch (unsent.blame()) {
      case PROXY ->
          blame()
              .failed(exchange, RouteFault.PROXY, unsent.why(), false)
              .compose(
                  finding ->
                      unlessDoubtful(
                          finding.history(),
                          () -> failures.proxy(unsent.why(), finding.suspended())));
      case ROUTE ->
          blame()
              .failed(exchange, RouteFault.CONNECT, unsent.why(), false)
              .compose(finding -> retry(exchange, finding, unsent.why(), null));
      case DENIED ->
          history(exchange).compose(h -> unlessDoubtful(h, () -> failures.denied(unsent.why())));
      case OURSELVES ->
          history(exchange).compose(h -> unlessDoubtful(h, () -> failures.ourselves(unsent.why())));
    };
  }

  private Future<Step> throttled(Exchanged exchange, @Nullable Duration retryAfter) {
    Duration wait = Waits.throttled(retryAfter, claimed.account());
    return blame()
        .throttled(exchange, wait)
        .compose(history -> unlessDoubtful(history, () -> failures.throttled(wait, history)));
  }

  /** It was sent, and no answer is known. */
  Future<Step> unanswered(Unanswered lost) {
    tries++;
    return unknown(claimed.exchanged(lost.sentAt()), lost.why());
  }

  /** What follows is the platform's rotation's to say (semantics, section 3, step 9). */
  private Future<Step> unknown(Exchanged exchange, String why) {
    return blame()
        .failed(exchange, RouteFault.NO_ANSWER, why, false)
        .compose(
            finding ->
                switch (claimed.platform().rotation()) {
                  case Rotation.None none -> end(exchange, finding, why, null);
                  case Rotation.Strict strict -> inDoubt(finding, why);
                  case Rotation.Grace grace ->
                      mayRepeat(finding, grace.within()) ? repeat(why) : inDoubt(finding, why);
                  case Rotation.UntilUsed untilUsed ->
                      mayRepeat(finding, engine.settings().deadline())
                          ? repeat(why)
                          : inDoubt(finding, why);
                });
  }

  private Future<Step> repeat(String why) {
    doubt = why;
    return Future.succeededFuture(new Step.Present(Duration.ZERO));
  }

  private boolean mayRepeat(Finding finding, Duration within) {
    Duration needed = claimed.claim().spent().plus(claimed.platform().refresh().totalTimeout());
    return !finding.suspended()
        && tries < engine.settings().maxAttempts()
        && needed.compareTo(within) < 0
        && !claimed.request().stopping();
  }

  private Future<Step> inDoubt(Finding finding, String why) {
    return failures.unknown(why, finding.history()).map(Step.End::new);
  }

  private Future<Step> unreadable(Exchanged exchange, Judged judged, String why) {
    engine.metrics().answerUnreadable(claimed.platform().name());
    return blame()
        .failed(exchange, RouteFault.UNREADABLE, why, false)
        .compose(
            finding ->
                judged
                    .kept()
                    .durable()
                    .otherwiseEmpty()
                    .compose(kept -> failures.unreadable(why, finding.history())))
        .map(Step.End::new);
  }

  /** Nothing was sent, for a reason of our own: the claim is given back and nobody is marked. */
  Future<Step> ours(Problem problem) {
    return unlessDoubtful(
        claimed.account().credentials().history(), () -> failures.released(problem));
  }

  /** The claim could not be extended for another presentation. */
  Future<AttemptEnd> notExtended(Throwable cause) {
    return switch (cause) {
      case ClaimHold.Lost lost -> Future.succeededFuture(new Again());
      case ProblemException ours -> ours(ours.problem()).map(step -> ((Step.End) step).end());
      default -> Future.failedFuture(cause);
    };
  }

  /** Once more while attempts and the deadline allow it, else the end. */
  private Future<Step> retry(
      Exchanged exchange, Finding finding, String why, @Nullable Duration retryAfter) {
    Duration pause =
        new Backoff(engine.settings().retryBackoff(), engine.settings().deadline())
            .jittered(tries - 1, engine.clock().nanos());
    boolean inTime =
        claimed.claim().spent().plus(pause).compareTo(engine.settings().deadline()) < 0;
    boolean more =
        !finding.suspended()
            && retryAfter == null
            && doubt == null
            && tries < engine.settings().maxAttempts()
            && inTime;
    return more
        ? again(pause, () -> failures.draining(why))
        : end(exchange, finding, why, retryAfter);
  }

  /** After SIGTERM no retry starts, and nobody is marked for that. */
  private Future<Step> again(Duration pause, Supplier<Future<AttemptEnd>> stopping) {
    return claimed.request().stopping()
        ? stopping.get().map(Step.End::new)
        : Future.succeededFuture(new Step.Present(pause));
  }

  /** The attempts are used up: the account is benched, unless its route is at fault. */
  private Future<Step> end(
      Exchanged exchange, Finding finding, String why, @Nullable Duration retryAfter) {
    return blame()
        .usedUp(exchange, finding, why)
        .compose(found -> unlessDoubtful(found.history(), () -> end(found, why, retryAfter)));
  }

  private Future<AttemptEnd> end(Finding finding, String why, @Nullable Duration retryAfter) {
    return finding.suspended()
        ? failures.outage(why, finding.history())
        : failures.benched(why, Waits.benched(engine, retryAfter), finding.history());
  }

  /** Only tokens or a refusal of the grant end a doubt. */
  private Future<Step> unlessDoubtful(FailureHistory history, Supplier<Future<AttemptEnd>> end) {
    String open = doubt;
    return (open == null ? end.get() : failures.unknown(open, history)).map(Step.End::new);
  }

  private Future<FailureHistory> history(Exchanged exchange) {
    return blame().history(exchange, false);
  }

  private RouteBlame blame() {
    return engine.upstream().blame();
  }
}
