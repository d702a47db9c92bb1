package dev.evertoken.http;

import dev.evertoken.domain.Scope;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * One method of one path.
 *
 * @param path as in the contract, with {@code {id}} or {@code {name}} for the one thing it is about
 * @param scope what a key needs; null: open to anybody
 * @param body whether a JSON body is read
 * @param answers the media type of its answer, for {@code Accept}
 */
record Endpoint(
    HttpMethod method,
    String path,
    @Nullable Scope scope,
    Body body,
    String answers,
    Action action) {

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
    return new Endpoint(HttpMethod.GET, path, scope, Body.NONE, "application/json", action);
  }

  static Endpoint post(String path, Scope scope, Action action) {
    return new Endpoint(HttpMethod.POST, path, scope, Body.REQUIRED, "application/json", action);
  }

  static Endpoint put(String path, Scope scope, Action action) {
    return new Endpoint(HttpMethod.PUT, path, scope, Body.REQUIRED, "application/json", action);
  }

  static Endpoint patch(String path, Scope scope, Action action) {
    return new Endpoint(HttpMethod.PATCH, path, scope, Body.REQUIRED, "application/json", action);
  }

  static Endpoint delete(String path, Scope scope, Action action) {
    return new Endpoint(HttpMethod.DELETE, path, scope, Body.NONE, "application/json", action);
  }

  Endpoint withOptionalBody() {
    return new Endpoint(method, path, scope, Body.OPTIONAL, answers, action);
  }

  Endpoint withFile() {
    return new Endpoint(method, path, scope, Body.FILE, answers, action);
  }

  Endpoint answering(String mediaType) {
    return new Endpoint(method, path, scope, body, mediaType, action);
  }
}
