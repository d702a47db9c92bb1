package dev.evertoken.http;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Scope;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The routes of the API: each endpoint, and what is answered where there is none. */
final class Routing {

  private static final String EXCHANGE = "exchange";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z]+}");
  private static final Caller ANYBODY = new Caller("anybody", Set.of(), Set.of(), Set.of());

  private final Bearer bearer;
  private final List<Endpoint> endpoints;
  private final Exchanges exchanges;

  Routing(Bearer bearer, List<Endpoint> endpoints, Exchanges exchanges) {
    this.bearer = bearer;
    this.endpoints = endpoints;
    this.exchanges = exchanges;
  }

  Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(this::begin);
    byPath().forEach((path, methods) -> add(router, path, methods));
    router.route().handler(ctx -> exchange(ctx).refuse(noSuchPath()));
    router.errorHandler(500, Routing::failed);
    return router;
  }

  /** Paths without an id first: {@code batch-refresh} is none. */
  private Map<String, List<Endpoint>> byPath() {
    return endpoints.stream()
        .sorted(Comparator.comparing(endpoint -> endpoint.path().contains("{")))
        .collect(Collectors.groupingBy(Endpoint::path, LinkedHashMap::new, Collectors.toList()));
  }

  private void add(Router router, String path, List<Endpoint> methods) {
    String pattern = PLACEHOLDER.matcher(path).replaceAll(":what");
    for (Endpoint endpoint : methods) {
      router.route(endpoint.method(), pattern).handler(ctx -> serve(endpoint, ctx));
      if (endpoint.method().equals(HttpMethod.GET)) {
        router.route(HttpMethod.HEAD, pattern).handler(ctx -> serve(endpoint.headOnly(), ctx));
      }
    }
    String allowed =
        methods.stream()
            .map(endpoint -> endpoint.method().name())
            .map(name -> name.equals("GET") ? "GET, HEAD" : name)
            .collect(Collectors.joining(", "));
    router.route(pattern).handler(ctx -> refuseMethod(ctx, allowed));
  }

  private void begin(RoutingContext ctx) {
    RequestHead head = RequestHead.of(ctx.request());
    if (head.body()) {
      // Nobody may be there to read it yet.
      ctx.request().pause();
    }
    ctx.put(EXCHANGE, exchanges.begin(ctx.request(), head));
    ctx.next();
  }

  private void serve(Endpoint endpoint, RoutingContext ctx) {
    Exchange exchange = exchange(ctx).route(endpoint.path());
    Scope scope = endpoint.scope(ctx.request());
    admit(scope, exchange.head())
        .compose(caller -> call(endpoint, exchange, caller, ctx))
        .compose(endpoint.action()::handle)
        .onSuccess(exchange::answer)
        .onFailure(failure -> exchange.fail(failure, scope));
  }

  private Future<Caller> admit(@Nullable Scope scope, RequestHead head) {
    return scope == null ? Future.succeededFuture(ANYBODY) : bearer.admit(head, scope);
  }

  private Future<Call> call(
      Endpoint endpoint, Exchange exchange, Caller caller, RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    if (!Accepts.allows(exchange.head().accept(), endpoint.answers())) {
      throw Problem.of(ProblemCode.NOT_ACCEPTABLE, "The answer is " + endpoint.answers() + ".")
          .exception();
    }
    Problem refusal = Bodies.refusal(request, exchange.head(), endpoint.body());
    if (refusal != null) {
      throw refusal.exception();
    }
    if (!exchange.head().body()) {
      return Future.succeededFuture(
          new Call(caller, request, ctx.pathParam("what"), Buffer.buffer(), exchange::traceId));
    }
    exchanges.arriving(exchange);
    return Bodies.read(request, endpoint.body(), () -> exchanges.arriving(exchange))
        .onSuccess(body -> exchanges.arrived(exchange))
        .map(body -> new Call(caller, request, ctx.pathParam("what"), body, exchange::traceId));
  }

  /** A handler threw: a bug, or a router that could not read the path. */
  private static void failed(RoutingContext ctx) {
    Throwable failure = ctx.failure();
    exchange(ctx).fail(failure == null ? new IllegalStateException("no failure") : failure, null);
  }

  private static void refuseMethod(RoutingContext ctx, String allowed) {
    ctx.response().putHeader(HttpHeaders.ALLOW, allowed);
    exchange(ctx)
        .refuse(Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "Allowed here: " + allowed + "."));
  }

  private static Problem noSuchPath() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such path.");
  }

  private static Exchange exchange(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.get(EXCHANGE));
  }
}
