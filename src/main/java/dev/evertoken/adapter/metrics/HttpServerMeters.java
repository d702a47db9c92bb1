package dev.evertoken.adapter.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What Vert.x's own metrics tell of the requests to the HTTP servers of a node, under the same
 * names and labels, but with each meter looked up once: Vert.x looks up six of them for every
 * request, which a warm token call would feel. The sizes of single requests and answers are not
 * kept; the bytes of all connections are, by Vert.x. Safe for any thread.
 */
final class HttpServerMeters {

  private static final String PREFIX = "vertx.http.server.";
  private static final int STATUSES = 1000;

  private final MeterRegistry registry;
  private final LongAdder active = new LongAdder();
  private final AtomicReferenceArray<@Nullable Timer> times = new AtomicReferenceArray<>(STATUSES);

  HttpServerMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder(PREFIX + "active.requests", active, LongAdder::sum)
        .description("Number of requests being processed")
        .register(registry);
  }

  /** One request; it is active until it and its answer have ended, or until it is cut off. */
  static final class Request {

    private final long begun = System.nanoTime();
    private boolean oneEnded;
    private boolean over;
  }

  Request begin() {
    active.increment();
    return new Request();
  }

  void requestEnd(Request request) {
    halfEnded(request);
  }

  void responseEnd(Request request, int status) {
    time(status).record(System.nanoTime() - request.begun, TimeUnit.NANOSECONDS);
    halfEnded(request);
  }

  void reset(Request request) {
    Counter.builder(PREFIX + "request.resets")
        .description("Number of request resets")
        .register(registry)
        .increment();
    over(request);
  }

  private void halfEnded(Request request) {
    if (request.oneEnded) {
      over(request);
    }
    request.oneEnded = true;
  }

  private void over(Request request) {
    if (!request.over) {
      request.over = true;
      active.decrement();
    }
  }

  private Timer time(int status) {
    Timer known = times.get(status);
    if (known == null) {
      // Twice at once is no harm: the registry gives both the same meters.
      known = register(Integer.toString(status));
      times.set(status, known);
    }
    return known;
  }

  private Timer register(String status) {
    Timer time =
        Timer.builder(PREFIX + "response.time")
            .description("Request processing time")
            .tag("code", status)
            .register(registry);
    // They are as many as were timed.
    FunctionCounter.builder(PREFIX + "requests", time, Timer::count)
        .description("Number of processed requests")
        .tag("code", status)
        .register(registry);
    return time;
  }
}
