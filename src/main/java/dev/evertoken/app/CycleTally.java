package dev.evertoken.app;

import dev.evertoken.app.refresh.RefreshOutcome;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.Time;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * What the background has done in one cycle: from the first account that it took in hand until it
 * has none any more, or for a minute where there is always one. One log event tells it, and none
 * where nothing was done. Safe for any thread.
 */
final class CycleTally {

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Logger log;
  private final Metrics metrics;
  private final Time time;
  private final Map<RefreshClass, Integer> ended = new EnumMap<>(RefreshClass.class);
  private int taken;
  private int putOff;
  private long begun;

  CycleTally(Logger log, Metrics metrics, Time time) {
    this.log = log;
    this.metrics = metrics;
    this.time = time;
  }

  synchronized void taken() {
    if (taken == 0 && ended.isEmpty() && putOff == 0) {
      begun = time.nanos();
    }
    taken++;
  }

  synchronized void ended(RefreshOutcome outcome) {
    RefreshClass result =
        outcome instanceof RefreshOutcome.Failed failed ? failed.result() : RefreshClass.SUCCESS;
    ended.merge(result, 1, Integer::sum);
    if (Duration.ofNanos(time.nanos() - begun).compareTo(LONGEST) >= 0) {
      over();
    }
  }

  /** It was not tried, as its route is left alone. */
  synchronized void putOff() {
    putOff++;
  }

  /** Nothing is in hand any more. */
  synchronized void over() {
    if (taken == 0 && ended.isEmpty() && putOff == 0) {
      return;
    }
    Duration took = Duration.ofNanos(time.nanos() - begun);
    metrics.backgroundCycle(taken, putOff, took);
    var event =
        log.atInfo()
            .addKeyValue("started", taken)
            .addKeyValue("put_off", putOff)
            .addKeyValue("duration_ms", took.toMillis());
    for (Map.Entry<RefreshClass, Integer> result : ended.entrySet()) {
      event = event.addKeyValue(WireName.of(result.getKey()), result.getValue());
    }
    event.log("background_cycle");
    taken = 0;
    putOff = 0;
    ended.clear();
    begun = time.nanos();
  }
}
