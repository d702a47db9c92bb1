package dev.evertoken.dev;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;

/** The revocation endpoint of RFC 7009; whichever token is given, its whole family ends. */
final class RevocationEndpoint {
  private final Ledger ledger;
  private final ProviderClients clients;

  RevocationEndpoint(Ledger ledger, ProviderClients clients) {
    this.ledger = ledger;
    this.clients = clients;
  }

  Optional<String> family(Form form) {
    return form.one("token").flatMap(ledger::familyOf);
  }

  Operation operation(HttpServerRequest request, Form form) {
    return () -> {
      if (clients.authenticate(request, form).isEmpty()) {
        return Answer.error(401, "invalid_client", "The client is unknown");
      }
      // A token that is unknown has nothing to revoke, which is no error (2.2).
      family(form).ifPresent(ledger::revoke);
      return new Answer(200, Map.of(), Buffer.buffer());
    };
  }
}
