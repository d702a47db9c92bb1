package dev.evertoken.http;

import dev.evertoken.domain.Scope;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * One method of one path.
 *
 * @param path as in the contract, with {@code {id}} or {@code {name}} for the one thing it is about
 * @param scope what a key needs; null: open to anybody
 * @param option what asks for more than that; null: nothing does
 * @param body whether a JSON body is read
 * @param answers the media type of its answer, for {@code Accept}
 */
record Endpoint(
    HttpMethod method,
    String path,
    @Nullable Scope scope,
    @Nullable Option option,
    Body body,
    String answers,
    Action action) {

  /** A switch of the query that needs another scope. */
  record Option(String name, Scope scope) {

    boolean isIn(HttpServerRequest request) {
      return "true".equals(request.getParam(name));
    }
  }

  enum Body {
    /** One that comes all the same is refused. */
    NONE,
    /** May be left out. */
    OPTIONAL,
    REQUIRED,
    /** A large one: JSON, or JSON lines. */
    FILE
  }

  static Endpoint get(String path, @Nullable Scope scope, Action action) {
    return new Endpoint(HttpMethod.GET, path, scope, null, Body.NONE, "application/json", action);
  }

  static Endpoint post(String path, Scope scope, Action action) {
    return new Endpoint(
        HttpMethod.POST, path, scope, null, Body.REQUIRED, "application/json", action);
  }

  static Endpoint put(String path, Scope scope, Action action) {
    return new Endpoint(
        HttpMethod.PUT, path, scope, null, Body.REQUIRED, "application/json", action);
  }

  static Endpoint patch(String path, Scope scope, Action action) {
    return new Endpoint(
        HttpMethod.PATCH, path, scope, null, Body.REQUIRED, "application/json", action);
  }

  static Endpoint delete(String path, Scope scope, Action action) {
    return new Endpoint(
        HttpMethod.DELETE, path, scope, null, Body.NONE, "application/json", action);
  }

  /** Another scope where the query asks for that, such as {@code secrets=true}. */
  Endpoint with(String option, Scope needed) {
    return new Endpoint(method, path, scope, new Option(option, needed), body, answers, action);
  }

  /** What a key needs for this request. */
  @Nullable Scope scope(HttpServerRequest request) {
    return option != null && option.isIn(request) ? option.scope() : scope;
  }

  Endpoint withOptionalBody() {
    return new Endpoint(method, path, scope, option, Body.OPTIONAL, answers, action);
  }

  Endpoint withFile() {
    return new Endpoint(method, path, scope, option, Body.FILE, answers, action);
  }

  /** As HEAD asks: a stream that has no end of its own is not begun for its headers. */
  Endpoint headOnly() {
    return answers.equals(EventEndpoints.TYPE)
        ? new Endpoint(
            method,
            path,
            scope,
            option,
            body,
            answers,
            call -> Future.succeededFuture(Reply.bytes(200, Buffer.buffer(), EventEndpoints.TYPE)))
        : this;
  }

  Endpoint answering(String mediaType) {
    return new Endpoint(method, path, scope, option, body, mediaType, action);
  }
}
