package dev.evertoken.http;

import io.vertx.core.Future;

/** What an endpoint does with a call; it may throw or fail with a {@code ProblemException}. */
interface Action {

  Future<Reply> handle(Call call);
}
