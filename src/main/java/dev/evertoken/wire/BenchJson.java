package dev.evertoken.wire;

import dev.evertoken.domain.Bench;
import dev.evertoken.domain.Benches;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Writes whether an account is temporarily unschedulable, until when and why. */
public final class BenchJson {

  private BenchJson() {}

  /** The state as of now; the top fields are those of the bench that ends last. */
  public static JsonObject of(Benches benches, Instant now) {
    return benches
        .latest(now)
        .map(latest -> active(latest, benches, now))
        .orElseGet(() -> new JsonObject().put("active", false));
  }

  private static JsonObject active(Bench latest, Benches benches, Instant now) {
    JsonArray all = new JsonArray();
    benches.activeAt(now).forEach(bench -> all.add(bench(bench)));
    return new JsonObject()
        .put("active", true)
        .put("until", Times.text(latest.until()))
        .put("cause", WireName.of(latest.cause()))
        .put("reason", latest.reason())
        .put("since", Times.text(latest.since()))
        .put("benches", all);
  }

  private static JsonObject bench(Bench bench) {
    return new JsonObject()
        .put("cause", WireName.of(bench.cause()))
        .put("until", Times.text(bench.until()))
        .put("reason", bench.reason())
        .put("since", Times.text(bench.since()))
        .put("trigger", WireName.of(bench.trigger()));
  }
}
