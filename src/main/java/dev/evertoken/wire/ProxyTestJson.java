package dev.evertoken.wire;

import dev.evertoken.port.ProxyProbe.Reached;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;

/** Writes what came of a proxy's test: good only where every target was reached. */
public final class ProxyTestJson {

  private ProxyTestJson() {}

  public static JsonObject of(List<Reached> targets) {
    JsonArray each = new JsonArray();
    targets.forEach(target -> each.add(json(target)));
    boolean success = !targets.isEmpty() && targets.stream().allMatch(Reached::success);
    String error =
        targets.stream().map(Reached::error).filter(Objects::nonNull).findFirst().orElse(null);
    String exit =
        targets.stream()
            .map(Reached::exitAddress)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return new JsonObject()
        .put("success", success)
        .put("latency_ms", targets.stream().mapToLong(t -> t.latency().toMillis()).max().orElse(0))
        .put("error", targets.isEmpty() ? "no platform is configured to go to" : error)
        .put("exit_address", exit)
        .put("targets", each);
  }

  private static JsonObject json(Reached target) {
    return new JsonObject()
        .put("target", target.target())
        .put("success", target.success())
        .put("latency_ms", target.latency().toMillis())
        .put("error", target.error());
  }
}
