package dev.evertoken.sim;

import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;

/** The answers of the simulated provider, as they come over the wire. */
final class SimAnswers {

  private static final String JSON = "application/json";

  private SimAnswers() {}

  static RawAnswer tokens(Ledger.Presentation made, Duration life) {
    JsonObject body = new JsonObject();
    if (made.access != null) {
      body.put("access_token", made.access.value()).put("expires_in", life.toSeconds());
    }
    body.put("token_type", "Bearer");
    if (made.next != null) {
      body.put("refresh_token", made.next.value.reveal());
    }
    return whole(200, JSON, body.encode());
  }

  static RawAnswer error(int status, String code) {
    return whole(status, JSON, new JsonObject().put("error", code).encode());
  }

  static RawAnswer later(int status, Duration retryAfter) {
    return new RawAnswer(
        status,
        Map.of("content-type", JSON, "retry-after", Long.toString(retryAfter.toSeconds())),
        Secret.of("{}"),
        RawAnswer.End.WHOLE);
  }

  static RawAnswer page(int status) {
    return whole(status, "text/html", "<html><body>Please stand by.</body></html>");
  }

  /** Something that holds tokens for whoever has the key. */
  static RawAnswer unreadable() {
    return whole(200, "application/jose", "eyJhbGciOiJkaXIifQ..c2VhbGVk.dG9rZW5z.dGFn");
  }

  /** The same, of which only that part of the body came. */
  static RawAnswer cut(RawAnswer whole, double part) {
    String body = whole.body().reveal();
    return new RawAnswer(
        whole.status(),
        whole.headers(),
        Secret.of(body.substring(0, (int) (body.length() * part))),
        RawAnswer.End.CUT);
  }

  private static RawAnswer whole(int status, String type, String body) {
    return new RawAnswer(
        status, Map.of("content-type", type), Secret.of(body), RawAnswer.End.WHOLE);
  }
}
