package dev.evertoken.dev;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Optional;

/** Brings each request of the simulated provider to its endpoint. */
final class ProviderRoutes implements Handler<HttpServerRequest> {
  private final Vertx vertx;
  private final Ledger ledger;
  private final FaultRunner runner;
  private final TokenEndpoint token;
  private final AuthorizationEndpoint authorization;
  private final RevocationEndpoint revocation;
  private final ProjectEndpoints project;
  private final ControlEndpoints control;

  ProviderRoutes(
      Vertx vertx,
      Ledger ledger,
      FaultRunner runner,
      TokenEndpoint token,
      AuthorizationEndpoint authorization,
      RevocationEndpoint revocation,
      ProjectEndpoints project,
      ControlEndpoints control) {
    this.vertx = vertx;
    this.ledger = ledger;
    this.runner = runner;
    this.token = token;
    this.authorization = authorization;
    this.revocation = revocation;
    this.project = project;
    this.control = control;
  }

  @Override
  public void handle(HttpServerRequest request) {
    // A caller that leaves in the middle of its body has not called.
    request.body().onSuccess(body -> route(request, body));
  }

  private void route(HttpServerRequest request, Buffer body) {
    Optional<Endpoint> endpoint =
        Arrays.stream(Endpoint.values())
            .filter(known -> known.path().equals(request.path()))
            .findFirst();
    if (endpoint.isEmpty()) {
      control.answer(request, body);
    } else if (!request.method().equals(method(endpoint.get()))) {
      request.response().setStatusCode(405).end();
    } else {
      call(endpoint.get(), request, body);
    }
  }

  private static HttpMethod method(Endpoint endpoint) {
    return endpoint == Endpoint.AUTHORIZE ? HttpMethod.GET : HttpMethod.POST;
  }

  private void call(Endpoint endpoint, HttpServerRequest request, Buffer body) {
    Form form = Form.ofBody(request.getHeader("content-type"), body);
    switch (endpoint) {
      case TOKEN -> run(endpoint, request, token.family(form), token.operation(request, form));
      case AUTHORIZE ->
          run(
              endpoint,
              request,
              Optional.empty(),
              () -> authorization.answer(Form.ofQuery(request.query())));
      case REVOKE ->
          run(endpoint, request, revocation.family(form), revocation.operation(request, form));
      case LOAD, LOAD_DAILY ->
          run(endpoint, request, project.family(request), project.load(request));
      case ONBOARD, ONBOARD_DAILY ->
          run(endpoint, request, project.family(request), project.onboard(request));
    }
  }

  private void run(
      Endpoint endpoint, HttpServerRequest request, Optional<String> family, Operation operation) {
    runner.run(IncomingCall.begin(vertx, ledger, endpoint, request, family), operation);
  }
}
