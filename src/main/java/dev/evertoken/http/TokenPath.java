package dev.evertoken.http;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.PlainNumber;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.port.Time;
import dev.evertoken.wire.RenderedAnswers;
import dev.evertoken.wire.TokenRequestJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

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
  private final RenderedAnswers<Buffer> rendered =
      new RenderedAnswers<>(JsonObject::toBuffer, DirectBytes::of);

  TokenPath(Bearer bearer, Tokens tokens, Time time) {
    this.bearer = bearer;
    this.tokens = tokens;
    this.time = time;
  }

  /** Whether the request, for that account, is plainly this call; the router says what is odd. */
  static boolean matches(HttpServerRequest request, RequestHead head, long account) {
    return account != 0
        && HttpMethod.GET.equals(request.method())
        && !head.body()
        && Accepts.allows(head.accept(), "application/json");
  }

  /** Serves it; where nothing has to be waited for, without a chain of futures. */
  void serve(Exchange exchange, long account) {
    HttpServerRequest request = exchange.route(ROUTE).request();
    Future<Caller> caller = bearer.admit(exchange.head(), Scope.TOKEN_READ);
    if (caller.succeeded() && request.uri().indexOf('?') < 0) {
      answer(exchange, tokens.token(caller.result(), plain(account, exchange)));
    } else {
      answer(exchange, caller.compose(known -> tokens.token(known, wanted(account, exchange))));
    }
  }

  private void answer(Exchange exchange, Future<TokenAnswer> answer) {
    if (answer.succeeded()) {
      exchange.answer(json(answer.result()));
    } else {
      answer
          .map(this::json)
          .onSuccess(exchange::answer)
          .onFailure(failure -> exchange.fail(failure, Scope.TOKEN_READ));
    }
  }

  private static TokenRequest wanted(long account, Exchange exchange) {
    HttpServerRequest request = exchange.request();
    return request.uri().indexOf('?') < 0
        ? plain(account, exchange)
        : TokenRequestJson.query(account, Parameters.of(request)).tracedBy(exchange::traceId);
  }

  private static TokenRequest plain(long account, Exchange exchange) {
    return new TokenRequest.OfAccount(account, TokenOptions.NONE.tracedBy(exchange::traceId));
  }

  private Buffer json(TokenAnswer answer) {
    return rendered.of(answer, Instant.ofEpochMilli(time.millis()));
  }

  /** The id in the path; 0 when the path is another one or the id is not plain. */
  static long account(String uri) {
    if (!uri.startsWith(BEFORE)) {
      return 0;
    }
    int end = uri.indexOf('/', BEFORE.length());
    if (end < 0 || !uri.startsWith(AFTER, end)) {
      return 0;
    }
    int rest = end + AFTER.length();
    boolean whole = rest == uri.length() || uri.charAt(rest) == '?';
    return whole ? PlainNumber.of(uri, BEFORE.length(), end) : 0;
  }
}
