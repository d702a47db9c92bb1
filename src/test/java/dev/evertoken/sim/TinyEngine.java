package dev.evertoken.sim;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.OAuthProvider.ClientSecretChoice;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RefreshClaims.Take;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The least that can be called an engine: enough for the oracle to have nothing against it in a run
 * without faults, and with a law broken by hand, to be caught.
 */
final class TinyEngine implements SimEngine {

  /** What is broken. */
  enum Broken {
    NOTHING,
    NO_CLAIM,
    NO_COMMIT,
    SERVES_EXPIRED,
    NEVER_ANSWERS
  }

  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration LAPSE = Duration.ofSeconds(15);

  private final SimPorts ports;
  private final Broken broken;
  private long attempts;

  TinyEngine(SimPorts ports, Broken broken) {
    this.ports = ports;
    this.broken = broken;
  }

  @Override
  public Future<Void> start() {
    cycle();
    return Future.succeededFuture();
  }

  private void cycle() {
    ports.time().after(PERIOD, this::cycle);
    if (broken == Broken.SERVES_EXPIRED && attempts > 0) {
      return;
    }
    for (String platform : ports.platforms().byName().keySet()) {
      ports
          .stores()
          .claims()
          .reserveDue(Map.of(platform, 10), Duration.ofSeconds(30), List.of())
          .onSuccess(due -> due.forEach(this::refresh));
    }
  }

  @Override
  public Future<TokenAnswer> token(TokenRequest request) {
    if (broken == Broken.NEVER_ANSWERS) {
      return ports.time().pause(Duration.ofDays(1)).map(never -> null);
    }
    return switch (request) {
      case TokenRequest.OfAccount of -> ofAccount(of.account());
      case TokenRequest.OfPool of -> ofAccount(1);
    };
  }

  private Future<TokenAnswer> ofAccount(long id) {
    return ports.stores().accounts().find(id).compose(row -> answer(row.orElseThrow()));
  }

  private Future<TokenAnswer> answer(Account account) {
    AccessToken access = account.credentials().access();
    boolean valid = account.credentials().validAt(ports.time().instant());
    return access.value() != null && (valid || broken == Broken.SERVES_EXPIRED)
        ? Future.succeededFuture(
            new TokenAnswer(
                access.value(),
                access.type(),
                access.expiresAt(),
                account,
                TokenState.FRESH,
                null,
                List.of()))
        : Future.failedFuture(Problem.of(ProblemCode.REFRESH_FAILED, "not now").exception());
  }

  private void refresh(Account seen) {
    attempts++;
    UUID attempt = new UUID(ports.cluster().nodes().id().hashCode(), attempts);
    RefreshClaims claims = ports.stores().claims();
    claims
        .take(seen, attempt, LAPSE, Trigger.BACKGROUND, false)
        .onSuccess(
            take -> {
              if (take instanceof Take.Taken taken) {
                exchange(taken, attempt);
              }
            });
  }

  private void exchange(Take.Taken taken, UUID attempt) {
    Account account = taken.account();
    Platform platform = ports.platforms().find(account.platform()).orElseThrow();
    Instant asked = ports.time().instant();
    if (broken == Broken.NO_CLAIM) {
      present(taken, platform, asked, attempt);
    }
    present(taken, platform, asked, attempt);
  }

  private void present(Take.Taken taken, Platform platform, Instant asked, UUID attempt) {
    ports
        .provider()
        .connect(platform, taken.proxy())
        .compose(
            line ->
                line.refresh(
                    Objects.requireNonNull(taken.refreshToken()), new ClientSecretChoice(0)))
        .onSuccess(raw -> keep(taken.account(), platform, entry(taken, asked, attempt, raw)));
  }

  private static Escrow.Entry entry(Take.Taken taken, Instant asked, UUID attempt, RawAnswer raw) {
    Account account = taken.account();
    return new Escrow.Entry(
        attempt,
        new Escrow.Holder(account.id(), account.incarnation(), account.platform()),
        new Escrow.Presented(
            Objects.requireNonNull(taken.refreshToken()),
            account.credentials().refreshTokenSequence(),
            account.generation()),
        asked,
        Trigger.BACKGROUND,
        raw);
  }

  private void keep(Account account, Platform platform, Escrow.Entry entry) {
    Judgement judged = Judge.judge(ports.provider().read(entry.answer(), platform), platform);
    if (judged instanceof Judgement.Tokens tokens && broken != Broken.NO_COMMIT) {
      ports
          .escrow()
          .keep(entry)
          .written()
          .onSuccess(kept -> commit(account, platform, entry, tokens));
    } else {
      ports.stores().claims().release(account.id(), entry.attempt());
    }
  }

  private void commit(
      Account account, Platform platform, Escrow.Entry entry, Judgement.Tokens tokens) {
    Instant end =
        entry.requestedAt().plus(Fleet.LIFE).minus(platform.margins(Fleet.LIFE).safetyMargin());
    Instant due = platform.dueAt(end, Fleet.LIFE, account.id(), ports.time().instant());
    ports
        .stores()
        .claims()
        .commit(
            new RefreshClaims.Tokens(
                entry.attempt(),
                entry.holder(),
                entry.presented(),
                new RefreshClaims.NewAccess(tokens.accessToken(), "Bearer", end, Fleet.LIFE),
                new RefreshClaims.NewRefresh(tokens.refreshToken(), null),
                new RefreshClaims.Next(null, due),
                new RefreshClaims.Details(
                    null,
                    new LastRefresh(
                        entry.attempt(),
                        entry.requestedAt(),
                        RefreshClass.SUCCESS,
                        Trigger.BACKGROUND,
                        Duration.ZERO,
                        null))))
        .onSuccess(done -> ports.escrow().committed(entry.attempt()));
  }

  @Override
  public String leftovers() {
    return "";
  }
}
