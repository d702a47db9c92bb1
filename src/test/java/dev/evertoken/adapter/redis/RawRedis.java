package dev.evertoken.adapter.redis;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Talks to a Redis past the cache. */
final class RawRedis {

  private final Redis client;

  RawRedis(Vertx vertx, String uri) {
    this.client = Redis.createClient(vertx, uri);
  }

  @Nullable Response say(String command, Object... arguments) {
    Request request = Request.cmd(Command.create(command), arguments);
    try {
      return client.send(request).await(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError(command, e);
    }
  }

  String text(String command, Object... arguments) {
    return String.valueOf(say(command, arguments));
  }
}
