package dev.evertoken.app.route;

import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.domain.WayRecord.Success;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node knows of the ways: the cluster's records as they were last read, and its own
 * successes, which are written a little later. Safe for any thread.
 */
final class WayRecords {

  private final Map<Way, WayRecord> records = new ConcurrentHashMap<>();
  private final Map<Way, Success> ownSuccesses = new ConcurrentHashMap<>();

  /** Takes in everything that is worth remembering; ways that are not in it are forgotten. */
  void replace(Collection<WayRecord> read) {
    Map<Way, WayRecord> next = new LinkedHashMap<>();
    read.forEach(record -> next.put(record.way(), record));
    records.keySet().retainAll(next.keySet());
    ownSuccesses.keySet().retainAll(next.keySet());
    records.putAll(next);
  }

  void put(WayRecord record) {
    records.put(record.way(), record);
  }

  void succeeded(Way way, long account, Instant at) {
    ownSuccesses.put(way, new Success(account, at));
  }

  /** Whether there is evidence that an answer to a request begun then clears. */
  boolean clearedBy(Way way, Instant requestedAt) {
    WayRecord record = records.get(way);
    return record != null && record.failures().stream().anyMatch(f -> f.at().isBefore(requestedAt));
  }

  void cleared(Way way, Instant requestedAt) {
    records.computeIfPresent(
        way,
        (key, record) ->
            new WayRecord(
                way,
                record.failures().stream().filter(f -> !f.at().isBefore(requestedAt)).toList(),
                record.buckets(),
                record.successes()));
  }

  /** The record, with what this node has seen succeed since it was written. */
  WayRecord known(WayRecord read) {
    Success own = ownSuccesses.get(read.way());
    if (own == null) {
      return read;
    }
    List<Success> successes = new ArrayList<>(read.successes());
    successes.add(own);
    successes.sort(Comparator.comparing(Success::at));
    return new WayRecord(read.way(), read.failures(), read.buckets(), successes);
  }

  List<WayRecord> ofPlatform(String platform) {
    return records.values().stream().filter(r -> platform.equals(r.way().platform())).toList();
  }
}
