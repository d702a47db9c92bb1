package dev.evertoken.app;

import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.WireName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;

/** What the background has done since it last had nothing in hand; one log event tells it. */
final class CycleTally {

  private final AtomicInteger started = new AtomicInteger();
  private final Map<RefreshClass, Integer> ended = new ConcurrentHashMap<>();

  void started() {
    started.incrementAndGet();
  }

  void ended(RefreshOutcome outcome) {
    RefreshClass result =
        outcome instanceof RefreshOutcome.Failed failed ? failed.result() : RefreshClass.SUCCESS;
    ended.merge(result, 1, Integer::sum);
  }

  void log(Logger log) {
    int count = started.getAndSet(0);
    if (count == 0) {
      return;
    }
    var event = log.atInfo().addKeyValue("started", count);
    for (RefreshClass result : RefreshClass.values()) {
      Integer times = ended.remove(result);
      if (times != null) {
        event = event.addKeyValue(WireName.of(result), times);
      }
    }
    event.log("background_cycle");
  }
}
