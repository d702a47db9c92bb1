package dev.evertoken.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;

/** Calls of nodes with the admin key over connections that are kept. */
final class Asker implements AutoCloseable {

  private static final int CONNECTIONS = 400;

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final HttpClient http =
      vertx.createHttpClient(
          new HttpClientOptions().setKeepAliveTimeout(600),
          new PoolOptions().setHttp1MaxSize(CONNECTIONS));

  Vertx vertx() {
    return vertx;
  }

  /** A token of an account; fails unless there is one. */
  Future<Integer> token(String node, long account) {
    return status(node, account, "").compose(Asker::expected);
  }

  /** The status of the answer to a question for a token of an account. */
  Future<Integer> status(String node, long account, String query) {
    return call(HttpMethod.GET, node + "/v1/accounts/" + account + "/token" + query, "");
  }

  /** Benches an account for ten minutes. */
  Future<Integer> bench(String node, long account) {
    return call(
            HttpMethod.PUT,
            node + "/v1/accounts/" + account + "/temp-unschedulable",
            new JsonObject().put("seconds", 600).put("reason", "bench").encode())
        .compose(Asker::expected);
  }

  private static Future<Integer> expected(int status) {
    return status == 200
        ? Future.succeededFuture(status)
        : Future.failedFuture("A node answered " + status);
  }

  private Future<Integer> call(HttpMethod method, String url, String body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(url)
            .putHeader("Authorization", "Bearer " + Stand.ADMIN_KEY)
            .putHeader("Content-Type", "application/json");
    Promise<Integer> status = Promise.promise();
    // All on one loop: a body that ends before another thread asks for it is never seen.
    loop.runOnContext(go -> exchange(options, body).onComplete(status));
    return status.future();
  }

  private Future<Integer> exchange(RequestOptions options, String body) {
    return http.request(options)
        .compose(request -> request.send(body))
        .compose(answer -> answer.body().map(read -> answer.statusCode()));
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
