package dev.evertoken.adapter.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The way to Redis: one connection that is given up with the first command that misses its
 * deadline, and made anew in the background.
 *
 * <p>The Redis client of Vert.x has no command timeout, and leaks the socket of a connection whose
 * greeting was refused; so this class closes the whole client with every connection it gives up.
 * While there is none, every command fails at once. Safe for any thread.
 */
final class RedisLink implements RedisCommands {

  /** More than any healthy Redis lets wait. */
  static final int MOST_IN_FLIGHT = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(2);
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Context home;
  private final RedisOptions options;
  private final Duration deadline;
  private final Function<RedisCommands, Future<Void>> catchUp;
  private final AtomicReference<@Nullable RedisConnected> live = new AtomicReference<>();
  private final Backoff backoff = new Backoff();
  private final AtomicReference<@Nullable String> lastReason = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * Prepares the link; {@link #start()} opens it.
   *
   * @param catchUp what must be done on a new connection before anyone else uses it
   */
  RedisLink(
      Vertx vertx,
      RedisOptions options,
      Duration deadline,
      Function<RedisCommands, Future<Void>> catchUp) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.options = options;
    this.deadline = deadline;
    this.catchUp = catchUp;
  }

  /** Completes when the first attempt to connect has ended, in whatever way. */
  Future<Void> start() {
    return Future.future(promise -> home.runOnContext(now -> connect().onComplete(promise)));
  }

  boolean up() {
    return live.get() != null;
  }

  @Override
  public Future<@Nullable Response> send(Request request) {
    RedisConnected connected = live.get();
    if (connected == null) {
      return Future.failedFuture(new RedisAway(RedisAway.Why.DOWN));
    }
    return connected.send(request).onFailure(failure -> judge(connected, failure));
  }

  Future<Void> close() {
    closed = true;
    RedisConnected connected = live.getAndSet(null);
    return connected == null ? Future.succeededFuture() : connected.close();
  }

  private void judge(RedisConnected connected, Throwable failure) {
    if (RedisAway.faultOfServer(failure)) {
      giveUp(connected, failure);
    }
  }

  private void giveUp(RedisConnected connected, Throwable failure) {
    if (live.compareAndSet(connected, null)) {
      tell(failure);
      backoff.held(connected.age());
      connected.close();
      tryLater();
    }
  }

  private Future<Void> connect() {
    if (closed) {
      return Future.succeededFuture();
    }
    Redis client = Redis.createClient(vertx, options);
    return Future.succeededFuture(client)
        .compose(Redis::connect)
        .timeout(CONNECT_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .map(connection -> new RedisConnected(client, connection, deadline))
        .compose(connected -> catchUp.apply(connected).compose(done -> use(connected)))
        .recover(failure -> failed(client, failure));
  }

  private Future<Void> use(RedisConnected connected) {
    connected.onEnd(failure -> giveUp(connected, failure));
    live.set(connected);
    lastReason.set(null);
    LOG.info("redis is in use");
    probeLater(connected);
    if (closed) {
      return close();
    }
    return catchUp.apply(connected).onFailure(failure -> giveUp(connected, failure));
  }

  private Future<Void> failed(Redis client, Throwable failure) {
    tell(failure);
    client.close().onFailure(RedisConnected::notClosed);
    tryLater();
    return Future.succeededFuture();
  }

  /** Says each reason once: an outage is no stream of log lines. */
  private void tell(Throwable failure) {
    String reason = RedisAway.reason(failure);
    if (!reason.equals(lastReason.getAndSet(reason))) {
      LOG.atLevel(RedisAway.wrongSettings(failure) ? Level.ERROR : Level.WARN)
          .addKeyValue("cause", reason)
          .log("redis is away");
    }
  }

  /** Away from the verticle that happens to call: the client must outlive it. */
  private void tryLater() {
    if (!closed) {
      long wait = backoff.next().toMillis();
      home.runOnContext(now -> vertx.setTimer(wait, timer -> connect()));
    }
  }

  /** A frozen server is noticed, and {@code up()} is right, also while nobody asks for anything. */
  private void probeLater(RedisConnected connected) {
    vertx.setTimer(
        PROBE_INTERVAL.toMillis(),
        timer -> {
          if (live.get() == connected) {
            send(Request.cmd(Command.PING))
                .compose(pong -> catchUp.apply(this))
                .onComplete(ended -> probeLater(connected));
          }
        });
  }
}
