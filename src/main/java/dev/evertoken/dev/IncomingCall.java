package dev.evertoken.dev;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call that came in and is in flight until it was answered or its caller went away. */
final class IncomingCall {
  private final Vertx vertx;
  private final Ledger ledger;
  private final Endpoint endpoint;
  private final HttpServerRequest request;
  private final Optional<String> family;
  private final AtomicBoolean ended = new AtomicBoolean();

  private IncomingCall(
      Vertx vertx,
      Ledger ledger,
      Endpoint endpoint,
      HttpServerRequest request,
      Optional<String> family) {
    this.vertx = vertx;
    this.ledger = ledger;
    this.endpoint = endpoint;
    this.request = request;
    this.family = family;
  }

  static IncomingCall begin(
      Vertx vertx,
      Ledger ledger,
      Endpoint endpoint,
      HttpServerRequest request,
      Optional<String> family) {
    var call = new IncomingCall(vertx, ledger, endpoint, request, family);
    ledger.begin(endpoint, source(request), family);
    request.response().closeHandler(closed -> call.end());
    return call;
  }

  static String source(HttpServerRequest request) {
    return String.valueOf(request.remoteAddress());
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Optional<String> family() {
    return family;
  }

  /** Over before the last byte leaves: a caller's next call can only come after this one's end. */
  private void end() {
    if (ended.compareAndSet(false, true)) {
      ledger.end(endpoint, family);
    }
  }

  void reply(Answer answer) {
    end();
    if (isOpen()) {
      head(answer).end(answer.body());
    }
  }

  void drop() {
    end();
    request.connection().close();
  }

  void trickle(Answer answer, Duration interval) {
    if (isOpen()) {
      head(answer).putHeader("content-length", Integer.toString(answer.body().length()));
      trickle(answer.body(), 0, interval);
    }
  }

  private void trickle(Buffer body, int sent, Duration interval) {
    if (!isOpen()) {
      return;
    }
    if (sent >= body.length() - 1) {
      end();
      request.response().end(body.slice(sent, body.length()));
      return;
    }
    request.response().write(body.slice(sent, sent + 1));
    vertx
        .timer(interval.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(due -> trickle(body, sent + 1, interval));
  }

  private boolean isOpen() {
    return !request.response().closed() && !request.response().ended();
  }

  private HttpServerResponse head(Answer answer) {
    HttpServerResponse response = request.response().setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    return response;
  }
}
