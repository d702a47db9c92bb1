package dev.evertoken.app.refresh;

import dev.evertoken.app.route.Exchanged;
import dev.evertoken.app.route.Pass;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.RefreshClaims.Take;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an attempt knows once the claim is its own. */
record Claimed(
    Engine engine,
    Platform platform,
    Take.Taken taken,
    UUID attempt,
    Request request,
    Pass pass,
    ClaimHold claim) {

  Account account() {
    return taken.account();
  }

  @Nullable Proxy proxy() {
    return taken.proxy();
  }

  Secret refreshToken() {
    return Objects.requireNonNull(taken.refreshToken());
  }

  /** The exchange as its route sees it. */
  Exchanged exchanged(Instant sentAt) {
    return new Exchanged(platform, account(), pass, sentAt, request.traceId());
  }

  /** What the escrow keeps of an answer to a request that was begun then. */
  Escrow.Entry entry(RawAnswer answer, Instant sentAt) {
    return new Escrow.Entry(
        attempt,
        new Escrow.Holder(account().id(), account().incarnation(), account().platform()),
        new Escrow.Presented(
            refreshToken(), account().credentials().refreshTokenSequence(), account().generation()),
        sentAt,
        request.trigger(),
        answer);
  }

  /** The answer of this attempt stays in the escrow, as nobody has understood it. */
  void leaveAnswer() {
    engine
        .stores()
        .left()
        .add(
            attempt,
            account().id(),
            account().credentials().refreshTokenSequence(),
            platform.rotation());
  }

  /** The outcome of this attempt, as the row keeps it. */
  LastRefresh outcome(RefreshClass result, @Nullable String detail) {
    return new LastRefresh(attempt, engine.now(), result, request.trigger(), claim.spent(), detail);
  }
}
