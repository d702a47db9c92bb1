package dev.evertoken.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisAPI;
import io.vertx.redis.client.RedisOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Vert.x server that does nothing but answer the bytes of a file, as many servers as there are
 * cores: the most that any service on Vert.x can reach. With the address of a Redis it reads those
 * bytes from there, each time.
 *
 * <p>{@code BareServer PORT HEADERS BODY [REDIS]}
 */
public final class BareServer extends VerticleBase {

  private static final String KEY = "bench:bare";

  private final int port;
  private final List<Map.Entry<CharSequence, CharSequence>> headers;
  private final Buffer body;
  private final @Nullable String redisUri;
  private @Nullable RedisAPI redis;

  private BareServer(
      int port,
      List<Map.Entry<CharSequence, CharSequence>> headers,
      Buffer body,
      @Nullable String redisUri) {
    this.port = port;
    this.headers = headers;
    this.body = body;
    this.redisUri = redisUri;
  }

  public static void main(String[] arguments) throws Exception {
    List<Map.Entry<CharSequence, CharSequence>> headers = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(arguments[1]))) {
      int colon = line.indexOf(':');
      headers.add(
          Map.entry(
              HttpHeaders.createOptimized(line.substring(0, colon).strip()),
              HttpHeaders.createOptimized(line.substring(colon + 1).strip())));
    }
    Buffer body = Buffer.buffer(Files.readAllBytes(Path.of(arguments[2])));
    String redis = arguments.length > 3 ? arguments[3] : null;
    Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
        .deployVerticle(
            () -> new BareServer(Integer.parseInt(arguments[0]), headers, body, redis),
            new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
        .await();
  }

  @Override
  public Future<?> start() {
    return (redisUri == null ? Future.succeededFuture() : connect(redisUri))
        .compose(
            ready ->
                vertx
                    .createHttpServer(options())
                    .requestHandler(redis == null ? this::answer : this::answerFromRedis)
                    .listen());
  }

  /** As bare as the service: no handlers for web sockets, of which there are none. */
  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  private Future<?> connect(String uri) {
    RedisAPI api =
        RedisAPI.api(
            Redis.createClient(
                vertx,
                new RedisOptions()
                    .setConnectionString(uri)
                    .setMaxPoolSize(8)
                    .setMaxPoolWaiting(10_000)));
    redis = api;
    return api.set(List.of(KEY, body.toString()));
  }

  private void answer(HttpServerRequest request) {
    write(request, body);
  }

  private void answerFromRedis(HttpServerRequest request) {
    java.util.Objects.requireNonNull(redis)
        .get(KEY)
        .onSuccess(found -> write(request, found.toBuffer()))
        .onFailure(failure -> request.response().setStatusCode(500).end());
  }

  private void write(HttpServerRequest request, Buffer bytes) {
    var response = request.response();
    headers.forEach(header -> response.putHeader(header.getKey(), header.getValue()));
    response.end(bytes);
  }
}
