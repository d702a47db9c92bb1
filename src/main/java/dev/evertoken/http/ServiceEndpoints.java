package dev.evertoken.http;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.WireName;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** What machines ask about the node: health, metrics and the description of the API. */
final class ServiceEndpoints {

  private static final String TEXT = "text/plain";
  private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";

  private final Readiness readiness;
  private final Supplier<Future<String>> metrics;
  private final Flight flight;
  private final Buffer openApi = resource("/openapi.json");

  ServiceEndpoints(Readiness readiness, Supplier<Future<String>> metrics, Flight flight) {
    this.readiness = readiness;
    this.metrics = metrics;
    this.flight = flight;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get("/health/live", null, this::live),
        Endpoint.get("/health/ready", null, this::ready),
        Endpoint.get("/metrics", Scope.METRICS_READ, this::metrics).answering(TEXT),
        Endpoint.get("/openapi.json", null, this::openApi));
  }

  private Future<Reply> openApi(Call call) {
    return Future.succeededFuture(Reply.bytes(200, openApi, Headers.JSON));
  }

  private static Buffer resource(String name) {
    try (InputStream in = ServiceEndpoints.class.getResourceAsStream(name)) {
      return Buffer.buffer(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Future<Reply> live(Call call) {
    return Future.succeededFuture(Reply.json(new JsonObject().put("status", "ok")));
  }

  private Future<Reply> ready(Call call) {
    Readiness.Phase phase = flight.draining() ? Readiness.Phase.DRAINING : readiness.phase();
    List<String> missing = readiness.missing();
    boolean serving = phase == Readiness.Phase.SERVING;
    String status = serving ? (missing.isEmpty() ? "ok" : "degraded") : WireName.of(phase);
    JsonObject json = new JsonObject().put("status", status).put("missing", new JsonArray(missing));
    return Future.succeededFuture(Reply.json(serving ? 200 : 503, json));
  }

  /** They count every account, so they are closed to a key that may see some only. */
  private Future<Reply> metrics(Call call) {
    if (call.caller().limited()) {
      throw Problem.of(
              ProblemCode.FORBIDDEN, "Metrics are closed to a key limited to pools and accounts.")
          .exception();
    }
    return metrics.get().map(text -> Reply.bytes(200, Buffer.buffer(text), EXPOSITION));
  }
}
