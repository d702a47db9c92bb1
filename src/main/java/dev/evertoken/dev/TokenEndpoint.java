package dev.evertoken.dev;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The token endpoint of RFC 6749: refresh_token and authorization_code. */
final class TokenEndpoint {
  private final Ledger ledger;
  private final Switches switches;
  private final ProviderClients clients;
  private final AuthorizationCodes codes;

  TokenEndpoint(
      Ledger ledger, Switches switches, ProviderClients clients, AuthorizationCodes codes) {
    this.ledger = ledger;
    this.switches = switches;
    this.clients = clients;
    this.codes = codes;
  }

  Optional<String> family(Form form) {
    return form.one("refresh_token").flatMap(ledger::familyOf);
  }

  Operation operation(HttpServerRequest request, Form form) {
    String source = IncomingCall.source(request);
    return new Operation() {
      @Override
      public Answer perform() {
        return clients
            .authenticate(request, form)
            .map(client -> grant(client, form, source))
            .orElseGet(TokenEndpoint::unknownClient);
      }

      @Override
      public void skip() {
        form.one("refresh_token").ifPresent(token -> ledger.skip(token, source));
      }
    };
  }

  private static Answer unknownClient() {
    return Answer.error(401, "invalid_client", "The client is unknown or its secret is wrong")
        .with("www-authenticate", "Basic realm=\"provider\"");
  }

  private Answer grant(String client, Form form, String source) {
    if (form.repeatsAField()) {
      return Answer.error(400, "invalid_request", "A parameter is there twice");
    }
    return switch (form.one("grant_type").orElse("")) {
      case "refresh_token" ->
          form.one("refresh_token")
              .map(token -> answer(ledger.refresh(token, source)))
              .orElseGet(() -> missing("refresh_token"));
      case "authorization_code" ->
          form.one("code")
              .map(code -> answer(codes.redeem(code, client, form)))
              .orElseGet(() -> missing("code"));
      case "" -> missing("grant_type");
      default -> Answer.error(400, "unsupported_grant_type", "This grant type is unknown");
    };
  }

  private static Answer missing(String parameter) {
    return Answer.error(400, "invalid_request", "Missing: " + parameter);
  }

  private Answer answer(Grant grant) {
    return switch (grant) {
      case Grant.Refused(var error, var description) -> Answer.error(400, error, description);
      case Grant.Granted granted -> Answer.json(200, body(granted));
    };
  }

  private JsonObject body(Grant.Granted granted) {
    Behaviour behaviour = switches.behaviour(granted.accessToken().family());
    var body = new JsonObject().put("token_type", "Bearer");
    if (!behaviour.omitAccessToken()) {
      body.put("access_token", granted.accessToken().value());
    }
    if (granted.refreshToken() != null && !behaviour.omitRefreshToken()) {
      body.put("refresh_token", granted.refreshToken());
    }
    switch (behaviour.expiresIn()) {
      case ExpiresIn.Honest() -> body.put("expires_in", behaviour.lifetime().toSeconds());
      case ExpiresIn.Absent() -> {}
      case ExpiresIn.Literal(var value) -> body.put("expires_in", value);
    }
    return body;
  }
}
