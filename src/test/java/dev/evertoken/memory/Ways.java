package dev.evertoken.memory;

import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.domain.WayRecord.Bucket;
import dev.evertoken.domain.WayRecord.Failure;
import dev.evertoken.domain.WayRecord.Success;
import dev.evertoken.port.ClientStore.Client;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tables of the ways upstream: evidence, suspensions, clients. */
final class Ways {

  private static final Duration KEPT = Duration.ofMinutes(1);

  /** A suspension with what only the store knows of it. */
  record Held(Suspension suspension, @Nullable Instant probeUntil, Map<Long, Instant> failed) {}

  record WayKey(Suspension.Kind kind, @Nullable String platform, @Nullable Long proxy) {
    static WayKey of(Suspension suspension) {
      return new WayKey(suspension.kind(), suspension.platform(), suspension.proxyId());
    }
  }

  final Map<WayKey, Held> suspensions = new LinkedHashMap<>();
  final Map<Way, WayRecord> records = new LinkedHashMap<>();
  final Map<String, Client> clients = new HashMap<>();
  final Map<String, LocalDate> toldOn = new HashMap<>();

  Ways copy() {
    Ways copy = new Ways();
    suspensions.forEach(
        (key, held) ->
            copy.suspensions.put(
                key, new Held(held.suspension, held.probeUntil, new HashMap<>(held.failed))));
    copy.records.putAll(records);
    copy.clients.putAll(clients);
    copy.toldOn.putAll(toldOn);
    return copy;
  }

  WayRecord record(Way way) {
    return records.getOrDefault(way, WayRecord.none(way));
  }

  WayRecord known(Way way, Instant now) {
    return recent(record(way), now);
  }

  List<WayRecord> records(Instant now) {
    return records.values().stream()
        .map(record -> recent(record, now))
        .filter(record -> !record.failures().isEmpty() || !record.buckets().isEmpty())
        .toList();
  }

  WayRecord failed(Way way, Failure failure) {
    WayRecord was = record(way);
    List<Failure> failures = new ArrayList<>(was.failures());
    failures.add(failure);
    failures.sort(Comparator.comparing(Failure::at));
    while (failures.size() > WayRecord.MOST_FAILURES) {
      failures.removeFirst();
    }
    WayRecord is = new WayRecord(way, failures, was.buckets(), was.successes());
    records.put(way, is);
    return is;
  }

  void understood(Way way, Instant requestedAt) {
    WayRecord was = record(way);
    if (was.failures().stream().anyMatch(failure -> failure.at().isBefore(requestedAt))) {
      List<Failure> later =
          was.failures().stream().filter(f -> !f.at().isBefore(requestedAt)).toList();
      records.put(way, new WayRecord(way, later, was.buckets(), was.successes()));
    }
  }

  void count(Way way, Bucket bucket, List<Success> successes, Instant now) {
    WayRecord was = recent(record(way), now);
    List<Bucket> buckets = new ArrayList<>();
    Bucket sum = bucket;
    for (Bucket had : was.buckets()) {
      if (had.start().equals(bucket.start())) {
        sum =
            new Bucket(
                had.start(),
                had.exchanges() + bucket.exchanges(),
                had.failures() + bucket.failures());
      } else {
        buckets.add(had);
      }
    }
    buckets.add(sum);
    buckets.sort(Comparator.comparing(Bucket::start));
    records.put(
        way, new WayRecord(way, was.failures(), buckets, latest(was.successes(), successes)));
  }

  /** The latest success of each of the two accounts that succeeded last. */
  static List<Success> latest(List<Success> had, List<Success> more) {
    Map<Long, Success> each = new HashMap<>();
    had.forEach(success -> each.merge(success.account(), success, Ways::later));
    more.forEach(success -> each.merge(success.account(), success, Ways::later));
    return each.values().stream()
        .sorted(Comparator.comparing(Success::at).reversed().thenComparingLong(Success::account))
        .limit(2)
        .sorted(Comparator.comparing(Success::at))
        .toList();
  }

  private static Success later(Success one, Success other) {
    return one.at().isAfter(other.at()) ? one : other;
  }

  void forget(Suspension suspension) {
    records.replaceAll(
        (way, record) ->
            of(suspension, way)
                ? new WayRecord(way, List.of(), List.of(), record.successes())
                : record);
  }

  private static boolean of(Suspension suspension, Way way) {
    return switch (suspension.kind()) {
      case PROXY, PROXY_DISABLED, PROXY_MISSING ->
          way.platform() == null && Objects.equals(way.proxyId(), suspension.proxyId());
      case ROUTE, UNREADABLE, ROUTE_THROTTLED ->
          way.platform() != null
              && way.platform().equals(suspension.platform())
              && Objects.equals(way.proxyId(), suspension.proxyId());
      case PLATFORM, THROTTLED, PROVIDER_CONFIG ->
          way.platform() != null && way.platform().equals(suspension.platform());
    };
  }

  private static WayRecord recent(WayRecord record, Instant now) {
    Instant oldest = now.minus(KEPT).minusSeconds(WayRecord.BUCKET_SECONDS);
    return new WayRecord(
        record.way(),
        record.failures(),
        record.buckets().stream().filter(bucket -> bucket.start().isAfter(oldest)).toList(),
        record.successes());
  }
}
