package dev.evertoken.sim;

import dev.evertoken.adapter.oauth.answer.AnswerBody;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.sim.Ledger.Fate;
import dev.evertoken.sim.Ledger.Presentation;
import dev.evertoken.sim.Ledger.Token;
import dev.evertoken.sim.Weather.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The provider and the net before it. */
final class SimProvider {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final VirtualTime time;
  private final Random random;
  private final Ledger ledger;
  private final Weather weather;
  private final Duration life;
  private Consumer<Presentation> watch = made -> {};

  SimProvider(VirtualTime time, Random random, Ledger ledger, Weather weather, Duration life) {
    this.time = time;
    this.random = random;
    this.ledger = ledger;
    this.weather = weather;
    this.life = life;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Is told of every request when the provider has decided on it. */
  void watch(Consumer<Presentation> watcher) {
    watch = watcher;
  }

  /** The provider as one process reaches it. */
  OAuthProvider from(SimNode.Running process) {
    return new Reached(process);
  }

  private Duration hop() {
    return Duration.ofMillis(1 + random.nextInt(random.nextInt(10) == 0 ? 800 : 60));
  }

  private final class Reached implements OAuthProvider {
    private final SimNode.Running process;

    private Reached(SimNode.Running process) {
      this.process = process;
    }

    @Override
    public Future<Connection> connect(Platform platform, @Nullable Proxy proxy) {
      Promise<Connection> connected = Promise.promise();
      Instant begun = time.instant();
      Kind fault = weather.connecting(begun, proxy == null ? null : proxy.id()).orElse(null);
      boolean hangs = fault == Kind.CONNECT_HANGS;
      Duration takes = hangs ? platform.refresh().connectTimeout() : hop();
      process.time.after(
          takes,
          () -> {
            if (fault == null) {
              connected.complete(new Line(platform, proxy, begun));
            } else {
              connected.fail(failure(fault, proxy != null));
            }
          });
      return connected.future();
    }

    private ConnectFailure failure(Kind fault, boolean proxied) {
      boolean proxys =
          fault == Kind.PROXY_DEAD
              || (proxied && (fault == Kind.CONNECT_REFUSED || fault == Kind.CONNECT_HANGS));
      return new ConnectFailure(
          proxys && proxied ? Blame.PROXY : Blame.ROUTE, "simulated: " + fault);
    }

    @Override
    public ProviderAnswer read(RawAnswer answer, Platform platform) {
      return AnswerBody.read(answer, process.time.instant());
    }

    @Override
    public Future<Void> revoke(
        Platform platform, @Nullable Proxy proxy, Secret refreshToken, ClientSecretChoice secret) {
      ledger.find(refreshToken).ifPresent(token -> token.grant.revoked = true);
      return Future.succeededFuture();
    }

    private final class Line implements OAuthProvider.Connection {
      private final Platform platform;
      private final @Nullable Proxy proxy;
      private final Instant begun;
      private boolean closed;

      private Line(Platform platform, @Nullable Proxy proxy, Instant begun) {
        this.platform = platform;
        this.proxy = proxy;
        this.begun = begun;
      }

      @Override
      public void close() {
        closed = true;
      }

      @Override
      public Future<RawAnswer> refresh(Secret refreshToken, ClientSecretChoice secret) {
        if (closed) {
          return Future.failedFuture(
              new ConnectFailure(Blame.ROUTE, "the connection ended before anything was sent"));
        }
        if (process.time.crashed()) {
          return Promise.<RawAnswer>promise().future();
        }
        closed = true;
        Token token =
            ledger
                .find(refreshToken)
                .orElseThrow(() -> new AssertionError("presented a token that nobody issued"));
        Presentation made = ledger.sent(token, process, time.instant());
        Duration left =
            platform.refresh().totalTimeout().minus(Duration.between(begun, time.instant()));
        return new Call(made, proxy).send(left.isPositive() ? left : Duration.ofMillis(1));
      }
    }

    /** One request on its way. */
    private final class Call {
      private final Presentation made;
      private final @Nullable Proxy proxy;
      private final Promise<RawAnswer> answer = Promise.promise();
      private @Nullable RawAnswer received;

      private Call(Presentation made, @Nullable Proxy proxy) {
        this.made = made;
        this.proxy = proxy;
      }

      private Future<RawAnswer> send(Duration left) {
        time.after(hop(), this::arrive);
        process.time.after(left, this::late);
        return answer.future();
      }

      private void arrive() {
        Instant now = time.instant();
        long account = made.token.grant.account;
        Kind fault = weather.exchange(now, proxy == null ? null : proxy.id(), account).orElse(null);
        made.fault = fault;
        RawAnswer said = decide(fault, now);
        watch.accept(made);
        if (said == null) {
          made.end(Fate.LOST, now);
          return;
        }
        boolean slow = fault == Kind.SLOW;
        Duration back = slow ? Duration.ofMillis(1000 + random.nextInt(9000)) : hop();
        time.after(back, () -> receive(said));
      }

      /** The socket has it; the process reads it when it runs. */
      private void receive(RawAnswer said) {
        if (made.fate == Fate.OPEN && !process.time.crashed()) {
          received = said;
          process.time.soon(() -> deliver(said));
        } else {
          made.end(Fate.LOST, time.instant());
        }
      }

      private void deliver(RawAnswer said) {
        if (!answer.future().isComplete()) {
          made.end(Fate.DELIVERED, time.instant());
          answer.complete(said);
        }
      }

      private void late() {
        if (received != null) {
          deliver(received);
        } else if (!answer.future().isComplete()) {
          made.end(Fate.LOST, time.instant());
          answer.fail(new NoAnswer("no complete answer in time"));
        }
      }

      private @Nullable RawAnswer decide(@Nullable Kind fault, Instant now) {
        if (fault == null) {
          return done(now);
        }
        return switch (fault) {
          case CONNECT_REFUSED, CONNECT_HANGS, PROXY_DEAD, TARGET_DOWN, SLOW -> done(now);
          case REQUEST_LOST -> null;
          case ANSWER_LOST -> {
            RawAnswer lost = done(now);
            yield lost.status() == 0 ? lost : null;
          }
          case SERVER_ERROR -> SimAnswers.error(500, "server_error");
          case UNAVAILABLE -> SimAnswers.later(503, RETRY_AFTER);
          case GATEWAY -> {
            done(now);
            yield SimAnswers.page(502);
          }
          case THROTTLED -> SimAnswers.later(429, RETRY_AFTER);
          case PAGE -> {
            made.token.grant.misjudged = "a page";
            yield SimAnswers.page(200);
          }
          case UNREADABLE -> done(now).status() == 200 ? SimAnswers.unreadable() : refused();
          case CUT -> SimAnswers.cut(done(now), random.nextDouble());
          case INVALID_CLIENT -> {
            made.token.grant.misjudged = "invalid_client";
            yield SimAnswers.error(401, "invalid_client");
          }
          case FALSE_INVALID_GRANT -> {
            made.token.grant.misjudged = "a false invalid_grant";
            yield refused();
          }
          case ODD_REFUSAL -> {
            made.token.grant.misjudged = "refusals without a known code";
            yield SimAnswers.error(400, "computer_says_no");
          }
        };
      }

      private RawAnswer done(Instant now) {
        ledger.present(made, now);
        return made.done == Ledger.Done.REFUSED ? refused() : SimAnswers.tokens(made, life);
      }

      private RawAnswer refused() {
        return SimAnswers.error(400, "invalid_grant");
      }
    }
  }
}
