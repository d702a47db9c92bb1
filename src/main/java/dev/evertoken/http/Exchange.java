package dev.evertoken.http;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Scope;
import dev.evertoken.wire.ProblemJson;
import dev.evertoken.wire.TraceId;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer; it is answered once, whatever happens. */
final class Exchange {

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final HttpServerRequest request;
  private final RequestHead head;
  private final Exchanges all;
  private final Connections.Track connection;
  private final int turn;
  private final long begun;
  private @Nullable String traceId;
  private String route = "";
  private boolean answered;
  private boolean last;

  Exchange(
      HttpServerRequest request,
      RequestHead head,
      Exchanges all,
      Connections.Track connection,
      long begun) {
    this.request = request;
    this.head = head;
    this.all = all;
    this.connection = connection;
    this.turn = connection.begin(begun);
    this.begun = begun;
  }

  HttpServerRequest request() {
    return request;
  }

  RequestHead head() {
    return head;
  }

  /** What its connection waits for now, unless that has gone on to another request. */
  void phase(Connections.Phase next, long now) {
    connection.enter(turn, next, now);
  }

  /** Names the path for the log, which never shows what a caller sent. */
  Exchange route(String path) {
    route = path;
    return this;
  }

  /** The connection ends with this answer. */
  Exchange last() {
    last = true;
    return this;
  }

  String traceId() {
    String known = traceId;
    if (known == null) {
      known = TraceId.of(request.getHeader(Headers.TRACEPARENT));
      traceId = known;
    }
    return known;
  }

  void answer(Reply reply) {
    if (reply.revision() != null) {
      headers().set(HttpHeaders.ETAG, "\"" + reply.revision() + "\"");
    }
    if (reply.location() != null) {
      headers().set(HttpHeaders.LOCATION, reply.location());
    }
    if (reply.pieces() == null) {
      write(reply.status(), reply.contentType(), reply.body());
    } else {
      stream(reply.status(), reply.contentType(), reply.pieces());
    }
  }

  /** Answers 200 with a body of which nothing else is to be said: the way of a warm token. */
  void answer(Buffer json) {
    write(200, Headers.JSON, json);
  }

  /**
   * Answers what went wrong; what is no expected refusal is a bug, and is logged whole.
   *
   * @param scope what the call needs, for the challenge of a 401 or 403; null: nothing
   */
  void fail(Throwable failure, @Nullable Scope scope) {
    if (!(failure instanceof ProblemException)) {
      LOG.atError().addKeyValue("trace_id", traceId()).setCause(failure).log("http_request_failed");
    }
    Problem problem = ProblemJson.problem(failure);
    String challenge = scope == null ? null : Bearer.challenge(problem, head, scope);
    if (challenge != null) {
      headers().set(Headers.WWW_AUTHENTICATE, challenge);
    }
    refuse(problem);
  }

  void refuse(Problem problem) {
    Long retryAfter = ProblemJson.retryAfterSeconds(problem);
    if (retryAfter != null) {
      headers().set(HttpHeaders.RETRY_AFTER, retryAfter.toString());
    }
    Buffer body = ProblemJson.of(problem, traceId()).toBuffer();
    write(problem.code().status(), Headers.PROBLEM, body);
  }

  private MultiMap headers() {
    return request.response().headers();
  }

  private void write(int status, CharSequence type, @Nullable Buffer body) {
    if (answered) {
      return;
    }
    HttpServerResponse response = head(status);
    if (body == null) {
      response.end();
    } else {
      response.headers().set(HttpHeaders.CONTENT_TYPE, type);
      if (request.method().equals(HttpMethod.HEAD)) {
        // Vert.x leaves the body out, and its length too.
        response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
      }
      response.end(body);
    }
    ended(status);
  }

  private void stream(int status, CharSequence type, Reply.Pieces pieces) {
    if (answered) {
      return;
    }
    HttpServerResponse response = head(status).setChunked(true);
    response.headers().set(HttpHeaders.CONTENT_TYPE, type);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
      ended(status);
      return;
    }
    new StreamedBody(response, pieces).write(whole -> ended(whole ? status : 500));
  }

  private HttpServerResponse head(int status) {
    answered = true;
    HttpServerResponse response = request.response();
    // Which it is at first.
    if (status != 200) {
      response.setStatusCode(status);
    }
    MultiMap headers = response.headers();
    headers.set(HttpHeaders.CACHE_CONTROL, Headers.NO_STORE);
    headers.set(Headers.PRAGMA, Headers.NO_CACHE);
    headers.set(Headers.TYPE_OPTIONS, Headers.NO_SNIFF);
    headers.set(Headers.REFERRER_POLICY, Headers.NO_REFERRER);
    if (last) {
      headers.set(HttpHeaders.CONNECTION, Headers.CLOSE);
    }
    return response;
  }

  private void ended(int status) {
    all.ended(this);
    log(status);
  }

  boolean isLast() {
    return last;
  }

  private void log(int status) {
    if (LOG.isDebugEnabled()) {
      LOG.atDebug()
          .addKeyValue("trace_id", traceId())
          .addKeyValue("method", request.method().name())
          .addKeyValue("path", route)
          .addKeyValue("status", status)
          .addKeyValue("duration_ms", all.millisSince(begun))
          .log("http_request");
    }
  }
}
