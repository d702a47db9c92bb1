package dev.evertoken.adapter.redis;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open connection with the client that made it; both end together. */
final class RedisConnected implements RedisCommands {

  private static final Logger LOG = LoggerFactory.getLogger(RedisConnected.class);

  private final Redis client;
  private final RedisConnection connection;
  private final Duration deadline;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final long since = System.nanoTime();

  RedisConnected(Redis client, RedisConnection connection, Duration deadline) {
    this.client = client;
    this.connection = connection;
    this.deadline = deadline;
  }

  void onEnd(Handler<Throwable> handler) {
    connection.exceptionHandler(handler);
    connection.endHandler(nothing -> handler.handle(new RedisAway(RedisAway.Why.CLOSED)));
  }

  @Override
  public Future<@Nullable Response> send(Request request) {
    if (inFlight.incrementAndGet() > RedisLink.MOST_IN_FLIGHT) {
      inFlight.decrementAndGet();
      return Future.failedFuture(new RedisAway(RedisAway.Why.BUSY));
    }
    return connection
        .send(request)
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(ended -> inFlight.decrementAndGet());
  }

  /** Closes the client and not the connection, which would go back into its pool. */
  Future<Void> close() {
    return client.close().onFailure(RedisConnected::notClosed);
  }

  static void notClosed(Throwable failure) {
    LOG.atWarn().addKeyValue("cause", RedisAway.reason(failure)).log("redis client not closed");
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - since);
  }
}
