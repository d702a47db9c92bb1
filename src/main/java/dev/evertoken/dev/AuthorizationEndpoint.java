package dev.evertoken.dev;

import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** The authorization endpoint of RFC 6749, with a user who agrees at once. */
final class AuthorizationEndpoint {
  private final ProviderClients clients;
  private final AuthorizationCodes codes;

  AuthorizationEndpoint(ProviderClients clients, AuthorizationCodes codes) {
    this.clients = clients;
    this.codes = codes;
  }

  Answer answer(Form query) {
    String client = query.one("client_id").orElse("");
    String redirectUri = query.one("redirect_uri").orElse("");
    String challenge = query.one("code_challenge").orElse("");
    boolean right =
        clients.knows(client)
            && !redirectUri.isEmpty()
            && !challenge.isEmpty()
            && query.one("response_type").filter("code"::equals).isPresent()
            && query.one("code_challenge_method").filter("S256"::equals).isPresent();
    if (!right) {
      return Answer.error(400, "invalid_request", "Not an authorization request with PKCE");
    }
    var location = new QueryStringEncoder(redirectUri);
    location.addParam("code", codes.issue(client, redirectUri, challenge));
    query.one("state").ifPresent(state -> location.addParam("state", state));
    return new Answer(302, Map.of("location", location.toString()), Buffer.buffer());
  }
}
