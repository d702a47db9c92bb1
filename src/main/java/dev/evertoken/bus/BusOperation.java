package dev.evertoken.bus;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Trace;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** One thing that can be asked over the bus; may throw or fail with a problem. */
public interface BusOperation {

  Future<JsonObject> run(Caller caller, JsonObject body, Trace trace);
}
