package dev.evertoken.app.route;

import dev.evertoken.domain.Blame;
import dev.evertoken.domain.Blame.Proof;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RouteFault;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Suspension.Kind;
import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Decides from the evidence of all nodes whether a failed exchange was its route's fault, its
 * proxy's, its platform's or its account's, and suspends what is at fault (semantics, section 3,
 * Blame). Never fails: where the record cannot be read or written, nobody is blamed.
 */
public final class RouteBlame {

  private static final Duration UNREADABLE_FIRST = Duration.ofMinutes(10);
  private static final Duration UNREADABLE_MOST = Duration.ofHours(6);
  private static final Duration THROTTLED_FIRST = Duration.ofSeconds(10);

  private final UpstreamHealth health;
  private final RouteStore store;
  private final ExchangeCounts counts;

  public RouteBlame(UpstreamHealth health, RouteStore store, Scheduler scheduler) {
    this.health = health;
    this.store = store;
    this.counts = new ExchangeCounts(scheduler, store);
  }

  /**
   * What a failed exchange means.
   *
   * @param suspended whether its route is suspended, so that the account is not to be marked
   * @param history the account's failures after this one
   */
  public record Finding(boolean suspended, FailureHistory history) {}

  /**
   * The provider understood the request: its route works.
   *
   * @param token whether the account got a token, which says more
   */
  public Future<Void> understood(Exchanged exchange, boolean token) {
    Instant now = health.now();
    Way way = exchange.way();
    if (token) {
      counts.succeeded(way, exchange.account().id(), now);
      health.records().succeeded(way, exchange.account().id(), now);
    } else {
      counts.answered(way, now);
    }
    List<Future<Void>> work =
        health
            .known()
            .covering(exchange.route())
            .filter(s -> s.passes() && ends(s, exchange, token))
            .map(health::lift)
            .toList();
    return Future.join(work).<Void>mapEmpty().otherwiseEmpty().compose(done -> clear(exchange));
  }

  /** Only what was asked after a suspension began says that it is over. */
  private static boolean ends(Suspension suspension, Exchanged exchange, boolean token) {
    boolean later =
        isProbeOf(exchange, suspension) || exchange.sentAt().isAfter(suspension.since());
    return later
        && switch (suspension.kind()) {
          case UNREADABLE, PROVIDER_CONFIG, ROUTE_THROTTLED, THROTTLED -> token;
          case PROXY, ROUTE, PLATFORM -> true;
          case PROXY_DISABLED, PROXY_MISSING -> false;
        };
  }

  private Future<Void> clear(Exchanged exchange) {
    Way way = exchange.way();
    if (!health.records().clearedBy(way, exchange.sentAt())) {
      return Future.succeededFuture();
    }
    health.records().cleared(way, exchange.sentAt());
    return store.understood(way, exchange.sentAt()).otherwiseEmpty();
  }

  /**
   * The exchange failed by its way, as far as this account can tell.
   *
   * @param refused whether it was a refusal without a known code
   */
  public Future<Finding> failed(Exchanged exchange, RouteFault fault, String why, boolean refused) {
    Instant now = health.now();
    boolean proxy = fault == RouteFault.PROXY;
    Way way =
        proxy ? Way.ofProxy(Objects.requireNonNull(exchange.account().proxyId())) : exchange.way();
    if (exchange.proves()) {
      counts.failed(way, now);
    }
    Future<Void> proxyWorks = proxy ? Future.succeededFuture() : liftProxy(exchange);
    return proxyWorks
        .compose(done -> evidence(exchange, way, fault, why))
        .map(record -> finding(exchange, record, refused))
        .otherwise(failure -> unknown(exchange, refused));
  }

  /** A request that got as far as the provider, or was refused a tunnel to it, proves the proxy. */
  private Future<Void> liftProxy(Exchanged exchange) {
    return Future.join(
            health
                .known()
                .covering(exchange.route())
                .filter(s -> s.kind() == Kind.PROXY && ends(s, exchange, false))
                .map(health::lift)
                .toList())
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  /** Evidence is written only while the way is open, and by accounts that prove something. */
  private Future<WayRecord> evidence(Exchanged exchange, Way way, RouteFault fault, String why) {
    if (exchange.pass() instanceof Pass.Probe probe) {
      return probeFailed(exchange, probe.suspension(), why).compose(moved -> store.record(way));
    }
    if (!exchange.proves() || closed(exchange, fault)) {
      return store.record(way);
    }
    WayRecord.Failure failure = new WayRecord.Failure(exchange.account().id(), health.now(), fault);
    return store.failed(way, failure).compose(record -> judge(exchange, record, fault, why));
  }

  private boolean closed(Exchanged exchange, RouteFault fault) {
    Suspension suspension = health.suspended(exchange.route());
    return suspension != null && (fault == RouteFault.PROXY) == suspension.ofProxy();
  }

  private Future<WayRecord> judge(
      Exchanged exchange, WayRecord record, RouteFault fault, String why) {
    health.records().put(record);
    WayRecord known = health.records().known(record);
    Proof proof =
        fault == RouteFault.UNREADABLE
            ? Blame.ofUnreadable(known)
            : Blame.of(known, exchange.platform().breaker().maxFailures(), health.now());
    return isFault(record.way(), proof)
        .compose(
            guilty -> guilty ? suspend(exchange, record, fault, why) : Future.succeededFuture())
        .map(record);
  }

  /** An account has used up its attempts: is it the last of a fleet that fails as a whole? */
  public Future<Finding> usedUp(Exchanged exchange, Finding finding, String why) {
    if (finding.suspended() || !exchange.proves()) {
      return Future.succeededFuture(finding);
    }
    return store
        .record(exchange.way())
        .map(record -> health.records().known(record))
        .compose(record -> usedUp(exchange, record, why))
        .map(suspended -> new Finding(suspended, finding.history()))
        .otherwise(finding);
  }

  private Future<Boolean> usedUp(Exchanged exchange, WayRecord record, String why) {
    return isFault(record.way(), Blame.ofUsedUp(record))
        .compose(
            guilty ->
                guilty
                    ? suspend(exchange, record, RouteFault.STATUS, why).map(true)
                    : Future.succeededFuture(false));
  }

  private Future<Boolean> isFault(Way way, Proof proof) {
    return switch (proof) {
      case Proof.Fault fault -> Future.succeededFuture(true);
      case Proof.Nothing nothing -> Future.succeededFuture(false);
      case Proof.UnlessOthers unless ->
          store.othersCouldRefresh(way, unless.failed()).map(others -> !others);
    };
  }

  private Future<Void> suspend(Exchanged exchange, WayRecord record, RouteFault fault, String why) {
    Instant now = health.now();
    Kind kind =
        switch (fault) {
          case PROXY -> Kind.PROXY;
          case UNREADABLE -> Kind.UNREADABLE;
          case CONNECT, STATUS, PAGE, NO_ANSWER -> Kind.ROUTE;
        };
    Duration rest =
        kind == Kind.UNREADABLE ? UNREADABLE_FIRST : exchange.platform().breaker().resetTimeout();
    Instant began =
        record.failures().stream().map(WayRecord.Failure::at).min(Instant::compareTo).orElse(now);
    Suspension suspension =
        new Suspension(
            kind,
            record.way().platform(),
            record.way().proxyId(),
            why,
            now,
            now.plus(rest),
            new Suspension.Outage(began, 0));
    return health
        .suspend(suspension, exchange)
        .compose(
            done -> kind == Kind.ROUTE ? suspendPlatform(exchange, why) : Future.succeededFuture());
  }

  /** Each account behind a proxy of its own, and the provider is down. */
  private Future<Void> suspendPlatform(Exchanged exchange, String why) {
    String platform = exchange.platform().name();
    boolean down =
        Blame.platformIsDown(
            health.known().failingRoutes(platform),
            health.records().ofPlatform(platform),
            health.now());
    return down
        ? health.suspend(
            ofPlatform(Kind.PLATFORM, exchange, why, exchange.platform().breaker().resetTimeout()),
            exchange)
        : Future.succeededFuture();
  }

  private Suspension ofPlatform(Kind kind, Exchanged exchange, String why, Duration rest) {
    Instant now = health.now();
    return new Suspension(kind, exchange.platform().name(), null, why, now, now.plus(rest));
  }

  private Future<Void> probeFailed(Exchanged exchange, Suspension probed, String why) {
    int failed = probed.outage().failedProbes() + 1;
    Duration rest =
        switch (probed.kind()) {
          case UNREADABLE -> doubled(UNREADABLE_FIRST, failed, UNREADABLE_MOST);
          case PROXY,
              ROUTE,
              ROUTE_THROTTLED,
              PLATFORM,
              THROTTLED,
              PROVIDER_CONFIG,
              PROXY_DISABLED,
              PROXY_MISSING ->
              exchange.platform().breaker().resetTimeout();
        };
    return store
        .probeFailed(probed, exchange.account().id())
        .compose(done -> health.suspend(again(probed, why, rest), exchange));
  }

  private Suspension again(Suspension probed, String why, Duration rest) {
    return new Suspension(
        probed.kind(),
        probed.platform(),
        probed.proxyId(),
        why,
        probed.since(),
        health.now().plus(rest),
        new Suspension.Outage(probed.outage().since(), probed.outage().failedProbes() + 1));
  }

  /**
   * The provider asked for a pause. Its route rests for a moment, so that another account tries:
   * only a second 429 makes the route wait, and a second such route the platform.
   *
   * @param wait how long the account waits
   */
  public Future<FailureHistory> throttled(Exchanged exchange, Duration wait) {
    counts.answered(exchange.way(), health.now());
    return rest(exchange, wait).otherwiseEmpty().compose(done -> history(exchange, false));
  }

  private Future<Void> rest(Exchanged exchange, Duration wait) {
    String why = "the provider answered 429";
    if (exchange.pass() instanceof Pass.Probe probe) {
      return probeThrottled(exchange, probe.suspension(), why, wait);
    }
    if (!exchange.proves() || health.suspended(exchange.route()) != null) {
      return Future.succeededFuture();
    }
    Instant now = health.now();
    Way way = exchange.way();
    return health.suspend(
        new Suspension(
            Kind.ROUTE_THROTTLED,
            way.platform(),
            way.proxyId(),
            why,
            now,
            now.plus(least(wait, THROTTLED_FIRST))),
        exchange);
  }

  private Future<Void> probeThrottled(
      Exchanged exchange, Suspension probed, String why, Duration wait) {
    // An account that fails for its own reasons uses its probe up, but makes no route wait.
    Duration rest = exchange.proves() ? wait : least(wait, THROTTLED_FIRST);
    Future<Void> moved =
        store
            .probeFailed(probed, exchange.account().id())
            .compose(done -> health.suspend(again(probed, why, rest), exchange));
    boolean elsewhere =
        exchange.proves()
            && probed.kind() == Kind.ROUTE_THROTTLED
            && health.known().all().stream()
                .anyMatch(s -> isThrottled(s, probed) && s.outage().failedProbes() > 0);
    return elsewhere
        ? moved.compose(
            done -> health.suspend(ofPlatform(Kind.THROTTLED, exchange, why, wait), exchange))
        : moved;
  }

  private static boolean isThrottled(Suspension other, Suspension probed) {
    return other.kind() == Kind.ROUTE_THROTTLED
        && !KnownSuspensions.same(other, probed)
        && Objects.equals(other.platform(), probed.platform());
  }

  /** The account's failures after an exchange that says nothing about its way. */
  public Future<FailureHistory> history(Exchanged exchange, boolean refused) {
    return store
        .record(exchange.way())
        .map(record -> finding(exchange, record, refused).history())
        .otherwise(failure -> unknown(exchange, refused).history());
  }

  /** When another account of the route succeeded last; none: {@link Instant#MIN}. */
  public Future<Instant> othersSucceededAt(Exchanged exchange) {
    return store
        .record(exchange.way())
        .map(
            record ->
                health.records().known(record).successesBesides(exchange.account().id()).stream()
                    .max(Instant::compareTo)
                    .orElse(Instant.MIN))
        .otherwise(Instant.MIN);
  }

  private Finding finding(Exchanged exchange, WayRecord record, boolean refused) {
    List<Instant> others = health.records().known(record).successesBesides(exchange.account().id());
    FailureHistory before = exchange.account().credentials().history();
    return new Finding(
        health.suspended(exchange.route()) != null, before.failed(health.now(), others, refused));
  }

  private Finding unknown(Exchanged exchange, boolean refused) {
    return finding(exchange, WayRecord.none(exchange.way()), refused);
  }

  private static boolean isProbeOf(Exchanged exchange, Suspension suspension) {
    return exchange.pass() instanceof Pass.Probe probe
        && KnownSuspensions.same(probe.suspension(), suspension);
  }

  private static Duration least(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** The rest before the next probe after so many that failed. */
  static Duration doubled(Duration first, int times, Duration most) {
    return least(first.multipliedBy(1L << Math.min(times, 20)), most);
  }
}
