package dev.evertoken.http;

import dev.evertoken.app.Administration;
import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.app.Core;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * What the HTTP API opens to callers.
 *
 * @param metrics the exposition of all metrics in Prometheus' text format
 */
public record Services(
    Core core,
    Administration administration,
    CallerAuthentication callers,
    Readiness readiness,
    Supplier<Future<String>> metrics,
    Time time) {}
