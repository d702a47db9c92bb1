package dev.evertoken.http;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.port.Time;
import dev.evertoken.wire.TokenAnswerJson;
import dev.evertoken.wire.TokenRequestJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * {@code GET /v1/accounts/{id}/token} in front of the router: the call that is made all the time,
 * so nothing that others need lies on its way.
 */
final class TokenPath {

  private static final String BEFORE = "/v1/accounts/";
  private static final String AFTER = "/token";
  private static final String ROUTE = "/v1/accounts/{id}/token";

  private final Bearer bearer;
  private final Tokens tokens;
  private final Time time;

  TokenPath(Bearer bearer, Tokens tokens, Time time) {
    this.bearer = bearer;
    this.tokens = tokens;
    this.time = time;
  }

  /** Whether the request is plainly this call; what is odd about it the router says. */
  boolean matches(HttpServerRequest request) {
    return HttpMethod.GET.equals(request.method())
        && account(request.uri()) != 0
        && !Bodies.announced(request)
        && Accepts.allows(request.getHeader(HttpHeaders.ACCEPT), "application/json");
  }

  void serve(Exchange exchange) {
    HttpServerRequest request = exchange.route(ROUTE).request();
    long account = account(request.uri());
    bearer
        .admit(request, Scope.TOKEN_READ)
        .compose(caller -> token(caller, account, request))
        .onSuccess(exchange::answer)
        .onFailure(failure -> exchange.fail(failure, Scope.TOKEN_READ));
  }

  private Future<Buffer> token(Caller caller, long account, HttpServerRequest request) {
    TokenRequest wanted =
        request.uri().indexOf('?') < 0
            ? new TokenRequest.OfAccount(account, TokenOptions.NONE)
            : TokenRequestJson.query(account, Parameters.of(request));
    return tokens.token(caller, wanted).map(this::json);
  }

  private Buffer json(TokenAnswer answer) {
    return TokenAnswerJson.of(answer, time.instant()).toBuffer();
  }

  /** The id in the path; 0 when the path is another one or the id is not plain. */
  private static long account(String uri) {
    if (!uri.startsWith(BEFORE)) {
      return 0;
    }
    int end = uri.indexOf('/', BEFORE.length());
    if (end < 0 || !uri.startsWith(AFTER, end)) {
      return 0;
    }
    int rest = end + AFTER.length();
    String id = uri.substring(BEFORE.length(), end);
    boolean whole = rest == uri.length() || uri.charAt(rest) == '?';
    return whole && Call.plainNumber(id) ? Long.parseLong(id) : 0;
  }
}
