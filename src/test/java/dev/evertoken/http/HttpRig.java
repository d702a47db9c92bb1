package dev.evertoken.http;

import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.rig.FakeKeys;
import dev.evertoken.rig.ManualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The HTTP server on a real port, with endpoints that say what they were given. */
final class HttpRig implements AutoCloseable {

  static final Secret ADMIN_KEY = Secret.of("canary-admin-key-0123456789abcdef");
  static final String AUTHORIZED = "Authorization: Bearer canary-admin-key-0123456789abcdef\r\n";

  final ManualTime time = new ManualTime();
  final FakeKeys keys = new FakeKeys(time);
  final CallerAuthentication callers =
      new CallerAuthentication(keys, ADMIN_KEY, time, Duration.ofMinutes(5));
  final Promise<Reply> waiting = Promise.promise();
  final AtomicBoolean reached = new AtomicBoolean();
  volatile Reply.Pieces pieces = () -> Future.succeededFuture(Optional.empty());
  final HttpApi api;
  final int port;
  final RawHttp http;
  private final Vertx vertx = Vertx.vertx();

  HttpRig() {
    api =
        new HttpApi(
            new HttpSettings("127.0.0.1", 0, null),
            time,
            callers,
            (caller, request) -> Future.<TokenAnswer>failedFuture("no token service here"),
            flight -> endpoints());
    try {
      port =
          api.listen(vertx)
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .actualPort();
      http = new RawHttp(port);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** From now on a second takes a twentieth of one. */
  void letTimeFly() {
    vertx.setPeriodic(50, tick -> time.advance(Duration.ofSeconds(1)));
  }

  private List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/open", null, call -> said("open")),
        Endpoint.get("/v1/things", Scope.ACCOUNTS_READ, call -> said(call.caller().actor())),
        Endpoint.post("/v1/things", Scope.ACCOUNTS_WRITE, HttpRig::echo),
        Endpoint.get("/v1/things/{id}", Scope.ACCOUNTS_READ, call -> said("" + call.id())),
        Endpoint.get("/v1/query", Scope.ACCOUNTS_READ, HttpRig::query),
        Endpoint.get("/v1/waiting", Scope.ACCOUNTS_READ, this::waiting),
        Endpoint.get("/v1/later", Scope.ACCOUNTS_READ, call -> later()),
        Endpoint.get("/v1/pieces", Scope.ACCOUNTS_READ, this::pieces),
        Endpoint.get("/v1/stream", Scope.ACCOUNTS_READ, this::stream),
        Endpoint.get("/v1/bug", null, HttpRig::bug));
  }

  private static Future<Reply> said(String what) {
    return Future.succeededFuture(Reply.json(new JsonObject().put("said", what)));
  }

  private static Future<Reply> echo(Call call) {
    return said(call.json().getString("say", ""));
  }

  private static Future<Reply> query(Call call) {
    var fields = call.query();
    String text = fields.text("text", 100);
    fields.end();
    return said(text == null ? "" : text);
  }

  private Future<Reply> waiting(Call call) {
    reached.set(true);
    return waiting.future();
  }

  /** Answered by a later turn of the request's own event loop. */
  private static Future<Reply> later() {
    return Objects.requireNonNull(Vertx.currentContext())
        .owner()
        .timer(100, TimeUnit.MILLISECONDS)
        .map(due -> Reply.noContent());
  }

  /** A body of which the rest comes with the answer that is waited for. */
  private Future<Reply> stream(Call call) {
    reached.set(true);
    return Future.succeededFuture(
        Reply.streamed(() -> waiting.future().map(Optional.empty()), "text/plain"));
  }

  private Future<Reply> pieces(Call call) {
    return Future.succeededFuture(Reply.streamed(pieces, Headers.JSON_LINES));
  }

  private static Future<Reply> bug(Call call) {
    throw new IllegalStateException("canary-inside-a-bug");
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
