package dev.evertoken.adapter.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/** Something that sends one command, and ends within its deadline. */
interface RedisCommands {

  Future<@Nullable Response> send(Request request);
}
