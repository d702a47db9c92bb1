package dev.evertoken.dev;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The ledger as JSON. */
final class LedgerReport {
  private LedgerReport() {}

  static JsonObject of(Ledger ledger, Optional<String> family) {
    var calls = new JsonObject();
    for (Endpoint endpoint : Endpoint.values()) {
      calls.put(endpoint.name().toLowerCase(Locale.ROOT), ledger.calls(endpoint));
    }
    var families = new JsonArray();
    List<String> ids = family.map(List::of).orElseGet(ledger::families);
    ids.forEach(id -> families.add(family(ledger, id)));
    return new JsonObject()
        .put("calls", calls)
        .put("max_in_flight", ledger.maxInFlight())
        .put("max_per_second", ledger.maxPerSecond())
        .put("reuses", ledger.reuses().size())
        .put("families", families);
  }

  private static JsonObject family(Ledger ledger, String id) {
    var presentations = new JsonArray();
    ledger.presentations(id).forEach(p -> presentations.add(presentation(p)));
    return new JsonObject()
        .put("family", id)
        .put("live_refresh_token", ledger.liveLeaf(id).orElse(null))
        .put("ended_by_reuse", ledger.endedByReuse(id))
        .put("max_in_flight", ledger.maxInFlight(id))
        .put("presentations", presentations);
  }

  private static JsonObject presentation(Presentation presentation) {
    return new JsonObject()
        .put("number", presentation.number())
        .put("at", presentation.at().toString())
        .put("token", presentation.token())
        .put("source", presentation.source())
        .put("repeated", presentation.repeated())
        .put("outcome", presentation.outcome().name().toLowerCase(Locale.ROOT));
  }
}
