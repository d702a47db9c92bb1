package dev.evertoken.dev;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * The provider's switches and ledger over HTTP, for a provider that runs as a process of its own.
 *
 * <ul>
 *   <li>{@code POST /_family} {@code {"prefix":"canary"}} begins a refresh-token family;
 *   <li>{@code POST /_control} changes behaviour and sets faults, see {@link ControlMessage};
 *   <li>{@code GET /_ledger}, with {@code ?family=} for one family, tells everything.
 * </ul>
 */
final class ControlEndpoints {
  private final Ledger ledger;
  private final Switches switches;

  ControlEndpoints(Ledger ledger, Switches switches) {
    this.ledger = ledger;
    this.switches = switches;
  }

  void answer(HttpServerRequest request, Buffer body) {
    Answer answer;
    try {
      answer = answer(request.method() + " " + request.path(), request, body);
    } catch (IllegalArgumentException | ClassCastException | DecodeException e) {
      answer = Answer.error(400, "invalid_request", String.valueOf(e.getMessage()));
    }
    var response = request.response().setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    response.end(answer.body());
  }

  private Answer answer(String call, HttpServerRequest request, Buffer body) {
    return switch (call) {
      case "POST /_family" -> Answer.json(201, family(object(body)));
      case "POST /_control" -> control(object(body));
      case "GET /_ledger" ->
          Answer.json(200, LedgerReport.of(ledger, Form.ofQuery(request.query()).one("family")));
      default -> Answer.error(404, "not_found", "Nothing is here");
    };
  }

  private static JsonObject object(Buffer body) {
    return body.length() == 0 ? new JsonObject() : new JsonObject(body);
  }

  private JsonObject family(JsonObject wanted) {
    NewFamily created = ledger.create(wanted.getString("prefix", "sim"));
    return new JsonObject()
        .put("family", created.id())
        .put("refresh_token", created.refreshToken())
        .put("access_token", created.accessToken().value())
        .put("expires_at", created.accessToken().expiresAt().toString());
  }

  private Answer control(JsonObject message) {
    new ControlMessage(message).apply(switches, ledger);
    return new Answer(204, Map.of(), Buffer.buffer());
  }
}
