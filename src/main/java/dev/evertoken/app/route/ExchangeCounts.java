package dev.evertoken.app.route;

import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.domain.WayRecord.Bucket;
import dev.evertoken.domain.WayRecord.Success;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.RouteStore.Tally;
import dev.evertoken.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts this node's exchanges by way, and adds them to the cluster's record once a second while
 * there are any. Safe for any thread.
 */
final class ExchangeCounts {

  private static final Duration EVERY = Duration.ofSeconds(1);

  private record Place(Way way, Instant bucket) {}

  private static final class Count {
    int exchanges;
    int failures;
    final LinkedHashMap<Long, Instant> successes = new LinkedHashMap<>();

    void add(boolean failed, @Nullable Success success) {
      exchanges++;
      failures += failed ? 1 : 0;
      if (success != null) {
        successes.remove(success.account());
        successes.put(success.account(), success.at());
      }
    }

    /** The latest two are enough: one of them is another account's. */
    List<Success> latest() {
      List<Success> all = new ArrayList<>();
      successes.forEach((account, at) -> all.add(new Success(account, at)));
      return all.subList(Math.max(0, all.size() - 2), all.size());
    }
  }

  private final Scheduler scheduler;
  private final RouteStore store;
  private Map<Place, Count> counts = new HashMap<>();
  private boolean timerSet;

  ExchangeCounts(Scheduler scheduler, RouteStore store) {
    this.scheduler = scheduler;
    this.store = store;
  }

  void failed(Way way, Instant at) {
    add(way, at, true, null);
  }

  void answered(Way way, Instant at) {
    add(way, at, false, null);
  }

  void succeeded(Way way, long account, Instant at) {
    add(way, at, false, new Success(account, at));
  }

  private synchronized void add(Way way, Instant at, boolean failed, @Nullable Success success) {
    counts.computeIfAbsent(new Place(way, bucket(at)), place -> new Count()).add(failed, success);
    if (!timerSet) {
      timerSet = true;
      scheduler.after(EVERY, this::flush);
    }
  }

  /** What cannot be written is lost: counts are evidence for half a minute and no more. */
  private void flush() {
    List<Tally> tallies = taken();
    store.count(tallies).onFailure(UpstreamHealth::missed);
  }

  private synchronized List<Tally> taken() {
    List<Tally> tallies = new ArrayList<>();
    counts.forEach(
        (place, count) ->
            tallies.add(
                new Tally(
                    place.way(),
                    new Bucket(place.bucket(), count.exchanges, count.failures),
                    count.latest())));
    counts = new HashMap<>();
    timerSet = false;
    return tallies;
  }

  private static Instant bucket(Instant at) {
    long second = at.getEpochSecond();
    return Instant.ofEpochSecond(second - Math.floorMod(second, WayRecord.BUCKET_SECONDS));
  }
}
