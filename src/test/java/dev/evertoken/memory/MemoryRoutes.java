package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Suspension.Outage;
import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.memory.MemoryDatabase.Broken;
import dev.evertoken.memory.Ways.Held;
import dev.evertoken.memory.Ways.WayKey;
import dev.evertoken.port.RouteStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the cluster knows of the ways upstream. */
public final class MemoryRoutes implements RouteStore {

  private final MemoryDatabase database;

  public MemoryRoutes(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public Future<List<Suspension>> suspensions() {
    return database.run(() -> all(database));
  }

  static List<Suspension> all(MemoryDatabase database) {
    return database.ways.suspensions.values().stream()
        .map(Held::suspension)
        .sorted(Comparator.comparing(Suspension::since))
        .toList();
  }

  @Override
  public Future<List<WayRecord>> records() {
    return database.run(() -> database.ways.records(database.now()));
  }

  @Override
  public Future<WayRecord> record(Way way) {
    return database.run(() -> database.ways.known(way, database.now()));
  }

  @Override
  public Future<WayRecord> failed(Way way, WayRecord.Failure failure) {
    return database.run(() -> database.ways.failed(way, failure));
  }

  @Override
  public Future<Void> understood(Way way, Instant requestedAt) {
    return database.run(
        () -> {
          database.ways.understood(way, requestedAt);
          return null;
        });
  }

  @Override
  public Future<Void> count(Collection<Tally> tallies) {
    return database.run(
        () -> {
          tallies.forEach(
              t -> database.ways.count(t.way(), t.bucket(), t.successes(), database.now()));
          return null;
        });
  }

  @Override
  public Future<Boolean> othersCouldRefresh(Way way, Set<Long> besides) {
    return database.run(
        () ->
            database
                .live()
                .filter(row -> row.refreshable() && !besides.contains(row.id))
                .filter(row -> way.platform() == null || way.platform().equals(row.platform))
                .anyMatch(row -> Objects.equals(way.proxyId(), row.proxyId)));
  }

  @Override
  public Future<Boolean> othersOfPlatform(String platform, Set<Long> besides) {
    return database.run(
        () ->
            database
                .live()
                .filter(row -> row.refreshable() && !besides.contains(row.id))
                .anyMatch(row -> row.platform.equals(platform)));
  }

  @Override
  public Future<Boolean> suspend(Suspension suspension) {
    return database.run(
        () -> {
          WayKey key = WayKey.of(suspension);
          Held had = database.ways.suspensions.get(key);
          database.ways.suspensions.put(
              key,
              had == null
                  ? new Held(suspension, null, new HashMap<>())
                  : new Held(moved(had.suspension(), suspension), null, had.failed()));
          return had == null;
        });
  }

  private static Suspension moved(Suspension had, Suspension wanted) {
    return new Suspension(
        had.kind(),
        had.platform(),
        had.proxyId(),
        wanted.reason(),
        had.since(),
        wanted.outage().failedProbes() > had.outage().failedProbes()
                || wanted.probeAt().isAfter(had.probeAt())
            ? wanted.probeAt()
            : had.probeAt(),
        new Outage(
            earlier(had.outage().since(), wanted.outage().since()),
            Math.max(had.outage().failedProbes(), wanted.outage().failedProbes())));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  @Override
  public Future<Optional<Account>> claimProbe(
      Suspension suspension, @Nullable Long asker, Duration lapse) {
    return database.run(
        () -> {
          Held held = database.ways.suspensions.get(WayKey.of(suspension));
          Instant now = database.now();
          if (held == null
              || held.suspension().probeAt().isAfter(now)
              || AccountRow.after(held.probeUntil(), now)) {
            return Optional.empty();
          }
          Optional<AccountRow> chosen =
              database
                  .live()
                  .filter(row -> mayProbe(row, held.suspension(), asker, now))
                  .min(order(held, now));
          chosen.ifPresent(
              row ->
                  database.ways.suspensions.put(
                      WayKey.of(suspension),
                      new Held(held.suspension(), now.plus(lapse), held.failed())));
          return chosen.map(AccountRow::view);
        });
  }

  private static boolean mayProbe(
      AccountRow row, Suspension suspension, @Nullable Long asker, Instant now) {
    Account account = row.view();
    boolean valid = account.credentials().validAt(now);
    boolean due = row.dueAt != null && !row.dueAt.isAfter(now) && !rests(row, now);
    return row.refreshToken != null
        && row.claim == null
        && account.status() == AccountStatus.ACTIVE
        && suspension.covers(row.route())
        && (due || (!valid && !row.unreadable()) || (asker != null && asker == row.id))
        && !(suspension.kind() == Suspension.Kind.UNREADABLE && valid);
  }

  private static boolean rests(AccountRow row, Instant now) {
    return AccountRow.after(row.notBefore, now) || row.unreadable();
  }

  private Comparator<AccountRow> order(Held held, Instant now) {
    if (database.broken(Broken.PROBES_WITH_THE_SAME_ACCOUNT)) {
      return Comparator.comparingLong(row -> row.id);
    }
    Map<Long, Instant> failed = held.failed();
    return Comparator.comparing((AccountRow row) -> rests(row, now))
        .thenComparing(AccountRow::failsByItself)
        .thenComparing(row -> failed.getOrDefault(row.id, Instant.MIN))
        .thenComparing(row -> row.lastRefresh == null || !row.lastRefresh.succeeded())
        .thenComparing(row -> row.dueAt == null ? Instant.MAX : row.dueAt)
        .thenComparingLong(row -> row.id);
  }

  @Override
  public Future<Void> releaseProbe(Suspension suspension) {
    return database.run(
        () -> {
          database.ways.suspensions.computeIfPresent(
              WayKey.of(suspension),
              (key, held) -> new Held(held.suspension(), null, held.failed()));
          return null;
        });
  }

  @Override
  public Future<Void> probeFailed(Suspension suspension, long account) {
    return database.run(
        () -> {
          Held held = database.ways.suspensions.get(WayKey.of(suspension));
          if (held != null) {
            held.failed().put(account, database.now());
          }
          return null;
        });
  }

  @Override
  public Future<Boolean> lift(Suspension suspension) {
    return database.run(
        () -> {
          Held held = database.ways.suspensions.remove(WayKey.of(suspension));
          if (held == null) {
            return false;
          }
          database.ways.forget(suspension);
          switch (suspension.kind()) {
            case PLATFORM, THROTTLED, PROVIDER_CONFIG ->
                probeEachRoute(String.valueOf(suspension.platform()));
            case PROXY, PROXY_DISABLED, PROXY_MISSING, ROUTE, UNREADABLE, ROUTE_THROTTLED -> {}
          }
          return true;
        });
  }

  private void probeEachRoute(String platform) {
    Instant now = database.now();
    database.ways.suspensions.replaceAll(
        (key, held) ->
            ofARoute(key.kind()) && platform.equals(key.platform())
                ? new Held(dueNow(held.suspension(), now), held.probeUntil(), held.failed())
                : held);
  }

  private static boolean ofARoute(Suspension.Kind kind) {
    return switch (kind) {
      case ROUTE, UNREADABLE, ROUTE_THROTTLED -> true;
      case PROXY, PROXY_DISABLED, PROXY_MISSING, PLATFORM, THROTTLED, PROVIDER_CONFIG -> false;
    };
  }

  private static Suspension dueNow(Suspension s, Instant now) {
    return new Suspension(
        s.kind(),
        s.platform(),
        s.proxyId(),
        s.reason(),
        s.since(),
        earlier(now, s.probeAt()),
        s.outage());
  }
}
