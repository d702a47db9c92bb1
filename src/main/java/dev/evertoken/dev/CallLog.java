package dev.evertoken.dev;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every HTTP call, and how many token calls were under way at once. Not safe for several threads:
 * the ledger guards it.
 */
final class CallLog {
  private static final class Gauge {
    int now;
    int most;

    void up() {
      now++;
      most = Math.max(most, now);
    }
  }

  private final List<ProviderCall> calls = new ArrayList<>();
  private final Map<String, Gauge> gauges = new HashMap<>();

  void add(ProviderCall call) {
    calls.add(call);
  }

  List<ProviderCall> calls() {
    return List.copyOf(calls);
  }

  void up(String gauge) {
    gauges.computeIfAbsent(gauge, g -> new Gauge()).up();
  }

  void down(String gauge) {
    gauge(gauge).now--;
  }

  int now(String gauge) {
    return gauge(gauge).now;
  }

  int most(String gauge) {
    return gauge(gauge).most;
  }

  private Gauge gauge(String name) {
    return gauges.getOrDefault(name, new Gauge());
  }

  /** The most token calls that began within any such span. */
  int mostWithin(Duration span) {
    Deque<Instant> window = new ArrayDeque<>();
    int most = 0;
    for (ProviderCall call : calls) {
      if (call.endpoint() == Endpoint.TOKEN) {
        window.addLast(call.at());
        while (!window.getFirst().plus(span).isAfter(call.at())) {
          window.removeFirst();
        }
        most = Math.max(most, window.size());
      }
    }
    return most;
  }
}
