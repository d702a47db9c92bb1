package dev.evertoken.app.route;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.Breakers;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways upstream and which of them are suspended: proxies, routes, platforms. Suspensions are
 * the cluster's and live in PostgreSQL; this node knows them from there and by notice, and one node
 * at a time probes. {@link RouteBlame} decides when one begins. Safe for any thread.
 */
public final class UpstreamHealth {

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamHealth.class);

  private final RouteStore store;
  private final BenchStore benches;
  private final Breakers breakers;
  private final Announcements announcements;
  private final Time time;
  private final KnownSuspensions known = new KnownSuspensions();
  private final WayRecords records = new WayRecords();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

  public UpstreamHealth(
      RouteStore store,
      BenchStore benches,
      Breakers breakers,
      Announcements announcements,
      Time time) {
    this.store = store;
    this.benches = benches;
    this.breakers = breakers;
    this.announcements = announcements;
    this.time = time;
  }

  /**
   * Reads again what is suspended; called every few seconds and after each notice about a route.
   */
  public Future<Void> reconcile() {
    return store
        .suspensions()
        .onSuccess(this::replace)
        .compose(read -> store.records())
        .onSuccess(records::replace)
        .mapEmpty();
  }

  private void replace(List<Suspension> now) {
    List<Suspension> before = known.all();
    known.replace(now);
    before.stream().filter(s -> isNewIn(now, s)).forEach(this::closeBreaker);
    now.stream().filter(s -> isNewIn(before, s)).forEach(this::openBreaker);
    if (!before.equals(now)) {
      watchers.forEach(Runnable::run);
    }
  }

  private static boolean isNewIn(List<Suspension> list, Suspension suspension) {
    return list.stream().noneMatch(other -> KnownSuspensions.same(other, suspension));
  }

  /** Calls whenever a suspension began, moved or ended, on the thread that noticed. */
  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  /** What is suspended now; a pause that a provider asked for is over when its time is. */
  public List<Suspension> suspensions() {
    Instant now = time.instant();
    return known.all().stream().filter(s -> closes(s, now)).toList();
  }

  /** Why the route is left alone until it is probed, or null. */
  public @Nullable Suspension suspended(Route route) {
    return known.of(route);
  }

  /** Why the route is left alone now, be it by an operator's will, or null. */
  public @Nullable Suspension closed(Route route) {
    Suspension closing = known.closing(route);
    return closing != null && closes(closing, time.instant()) ? closing : null;
  }

  private static boolean closes(Suspension suspension, Instant now) {
    return switch (suspension.kind()) {
      case ROUTE_THROTTLED, THROTTLED -> now.isBefore(suspension.probeAt());
      case PROXY, ROUTE, UNREADABLE, PLATFORM, PROVIDER_CONFIG, PROXY_DISABLED, PROXY_MISSING ->
          true;
    };
  }

  /** Suspensions that end by a probe, and whose time has come. */
  public List<Suspension> toProbe() {
    Instant now = time.instant();
    return known.all().stream().filter(s -> s.passes() && !now.isBefore(s.probeAt())).toList();
  }

  /** When the next suspension is probed; empty: none is suspended. */
  public Optional<Instant> nextProbe() {
    return known.all().stream()
        .filter(Suspension::passes)
        .map(Suspension::probeAt)
        .min(Instant::compareTo);
  }

  /** Takes the one probe of the suspension and its account, see the port. */
  public Future<Optional<Account>> claimProbe(
      Suspension suspension, @Nullable Long asker, Duration lapse) {
    return store.claimProbe(suspension, asker, lapse);
  }

  /** Gives back a probe that came to no exchange. */
  public void releaseProbe(Suspension suspension) {
    store.releaseProbe(suspension).onFailure(UpstreamHealth::missed);
  }

  /** Completes when the suspension has ended or its probe time has moved. */
  public Future<Void> changed(Suspension suspension) {
    return known.changed(suspension);
  }

  public Problem refusal(Suspension suspension) {
    return RouteRefusals.of(suspension, time.instant());
  }

  /**
   * Runs an exchange under the route's breaker.
   *
   * @param exchange completes with whether the provider understood it
   */
  public Future<Void> guard(Route route, Pass pass, Supplier<Future<Boolean>> exchange) {
    return switch (pass) {
      case Pass.Open open -> breakers.run(route, null, exchange);
      case Pass.Probe probe -> breakers.run(route, probe.suspension(), exchange);
    };
  }

  /** Ends a suspension, for everyone, with the benches of that outage. */
  public Future<Void> lift(Suspension suspension) {
    if (known.remove(suspension)) {
      closeBreaker(suspension);
      watchers.forEach(Runnable::run);
    }
    return store
        .lift(suspension)
        .onSuccess(ended -> tellLift(suspension, ended))
        .compose(ended -> clearBenches(suspension))
        .compose(cleared -> ofPlatform(suspension) ? reconcile() : Future.succeededFuture());
  }

  /** The routes of a platform that is back are probed at once: the store has moved their times. */
  private static boolean ofPlatform(Suspension suspension) {
    return suspension.platform() != null && !ofRoute(suspension);
  }

  private Future<Void> clearBenches(Suspension suspension) {
    if (suspension.kind() != Suspension.Kind.ROUTE) {
      return Future.succeededFuture();
    }
    return benches
        .clearOutage(route(suspension), suspension.outage().since())
        .onSuccess(changed -> changed.forEach(this::tellRecovery))
        .mapEmpty();
  }

  /** An operator closed a proxy, or opened it again: every node reads it from the store. */
  public Future<Void> closedByHand(long proxy, Suspension.Kind kind, boolean closed) {
    Instant now = time.instant();
    announcements.route(new Suspension(kind, null, proxy, "by an operator", now, now), closed);
    return reconcile();
  }

  /** A proxy was deleted: that is told where it leaves accounts without one, as the store knows. */
  public Future<Void> deleted(long proxy) {
    return reconcile()
        .onSuccess(
            read ->
                known.all().stream()
                    .filter(s -> s.kind() == Suspension.Kind.PROXY_MISSING && isOf(s, proxy))
                    .forEach(s -> announcements.route(s, true)));
  }

  /** An operator mended the proxy: what was suspended because of it is tried again at once. */
  public Future<Void> mended(long proxy) {
    return Future.join(
            known.all().stream().filter(s -> s.passes() && isOf(s, proxy)).map(this::lift).toList())
        .mapEmpty();
  }

  private static boolean isOf(Suspension suspension, long proxy) {
    return Long.valueOf(proxy).equals(suspension.proxyId());
  }

  /**
   * Suspends a way, or moves the probe of one that is suspended.
   *
   * @param exchange the last one that proved it
   */
  Future<Void> suspend(Suspension suspension, Exchanged exchange) {
    if (known.put(suspension)) {
      openBreaker(suspension);
      LOG.atWarn()
          .addKeyValue("platform", suspension.platform())
          .addKeyValue("route", suspension.proxyId())
          .addKeyValue("class", WireName.of(suspension.kind()))
          .addKeyValue("cause", suspension.reason())
          .addKeyValue("trace_id", exchange.traceId())
          .log("suspended");
    }
    watchers.forEach(Runnable::run);
    return store
        .suspend(suspension)
        .onSuccess(isNew -> announcements.route(suspension, true))
        .mapEmpty();
  }

  KnownSuspensions known() {
    return known;
  }

  WayRecords records() {
    return records;
  }

  Instant now() {
    return time.instant();
  }

  /** A platform's or proxy's suspension opens nothing here: its routes are refused before it. */
  private void openBreaker(Suspension suspension) {
    if (ofRoute(suspension)) {
      breakers.open(route(suspension), suspension);
    }
  }

  private void closeBreaker(Suspension suspension) {
    if (ofRoute(suspension)) {
      breakers.close(route(suspension));
    }
  }

  private static boolean ofRoute(Suspension suspension) {
    return switch (suspension.kind()) {
      case ROUTE, UNREADABLE, ROUTE_THROTTLED -> true;
      case PROXY, PLATFORM, THROTTLED, PROVIDER_CONFIG, PROXY_DISABLED, PROXY_MISSING -> false;
    };
  }

  private static Route route(Suspension suspension) {
    return new Route(Objects.requireNonNullElse(suspension.platform(), ""), suspension.proxyId());
  }

  private void tellLift(Suspension suspension, boolean ended) {
    if (ended) {
      LOG.atInfo()
          .addKeyValue("platform", suspension.platform())
          .addKeyValue("route", suspension.proxyId())
          .addKeyValue("class", WireName.of(suspension.kind()))
          .log("restored");
      announcements.route(suspension, false);
    }
  }

  private void tellRecovery(Account account) {
    announcements.changedHere(
        account,
        Notice.Type.TEMP_UNSCHED_CLEARED,
        BenchCause.REFRESH_FAILED,
        "the route is back",
        "account.bench_cleared",
        Map.of("cause", WireName.of(BenchCause.REFRESH_FAILED)));
  }

  /** A record that could not be read or written now: the next one says it. */
  public static void missed(Throwable failure) {
    LOG.atDebug().addKeyValue("cause", failure.getMessage()).log("route_record_missed");
  }
}
