package dev.evertoken.dev;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** An HTTP answer of the simulated provider. */
record Answer(int status, Map<String, String> headers, Buffer body) {
  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer json(int status, JsonObject body) {
    return new Answer(
        status,
        Map.of("content-type", "application/json", "cache-control", "no-store"),
        body.toBuffer());
  }

  /** An error answer of RFC 6749, 5.2. */
  static Answer error(int status, String code, String description) {
    return json(status, new JsonObject().put("error", code).put("error_description", description));
  }

  static Answer of(Fault.Effect.Reply reply) {
    return new Answer(reply.status(), reply.headers(), Buffer.buffer(reply.body()));
  }

  Answer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }
}
