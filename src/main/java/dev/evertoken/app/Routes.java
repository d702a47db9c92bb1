package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.BreakerPolicy;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.Breakers;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import dev.evertoken.port.SuspensionStore;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways upstream and which of them are left alone: suspended proxies, open routes, throttled or
 * misconfigured platforms. The suspensions are the cluster's, kept in PostgreSQL; this node knows
 * them from there and by notice, and one node at a time probes.
 */
public final class Routes {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  /** A refused client is a matter for a person: it is tried again now and then only. */
  private static final Duration CONFIG_PROBE = Duration.ofMinutes(1);

  private final SuspensionStore store;
  private final BenchStore benches;
  private final Breakers breakers;
  private final Announcements announcements;
  private final Time time;
  private volatile List<Suspension> known = List.of();

  Routes(
      SuspensionStore store,
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
   * Leave to use a route; {@code probe} is the suspension that this use is the probe of, or null.
   */
  record Pass(@Nullable Suspension probe) {}

  /**
   * Reads again what is suspended; called every few seconds and after each notice about a route.
   */
  public Future<Void> reconcile() {
    return store.all().onSuccess(this::replace).mapEmpty();
  }

  private synchronized void replace(List<Suspension> all) {
    known.stream()
        .filter(old -> all.stream().noneMatch(now -> same(old, now)))
        .forEach(this::resetBreaker);
    known = List.copyOf(all);
  }

  private void resetBreaker(Suspension ended) {
    switch (ended.kind()) {
      case PROXY -> breakers.reset(proxyKey(ended.proxyId()));
      case ROUTE ->
          breakers.reset(
              new Route(Objects.requireNonNullElse(ended.platform(), ""), ended.proxyId()).label());
      case THROTTLED, PROVIDER_CONFIG, PROXY_DISABLED, PROXY_MISSING -> {}
    }
  }

  public List<Suspension> suspensions() {
    Instant now = time.instant();
    return known.stream()
        .filter(s -> s.kind() != Suspension.Kind.THROTTLED || now.isBefore(s.probeAt()))
        .toList();
  }

  /** Why the route is left alone until it is probed, or null. */
  @Nullable Suspension suspended(Route route) {
    return why(route, true);
  }

  /** Why the route is left alone now, be it by an operator's will, or null. */
  @Nullable Suspension closed(Route route) {
    return why(route, false);
  }

  private @Nullable Suspension why(Route route, boolean passing) {
    List<Suspension> all = known;
    if (all.isEmpty()) {
      return null;
    }
    Instant now = time.instant();
    return all.stream()
        .filter(s -> s.covers(route) && (s.passes() || !passing))
        .filter(s -> s.kind() != Suspension.Kind.THROTTLED || now.isBefore(s.probeAt()))
        .max(Comparator.comparing((Suspension s) -> !s.passes()).thenComparing(Suspension::probeAt))
        .orElse(null);
  }

  /**
   * Leave to use the route, as its probe if one is due and nobody else has it; else fails with why
   * not.
   */
  Future<Pass> admit(Route route, Duration lapse) {
    Suspension suspension = suspended(route);
    if (suspension == null) {
      return Future.succeededFuture(new Pass(null));
    }
    if (time.instant().isBefore(suspension.probeAt())) {
      return Future.failedFuture(refusal(suspension).exception());
    }
    return store
        .claimProbe(suspension, lapse)
        .compose(
            ours ->
                ours
                    ? Future.succeededFuture(new Pass(suspension))
                    : Future.failedFuture(refusal(suspension).exception()));
  }

  /** Runs an exchange under the breakers of its proxy and its route. */
  Future<RawAnswer> guard(
      Platform platform, Route route, Supplier<Future<RawAnswer>> exchange) {
    BreakerPolicy policy = platform.breaker();
    Supplier<Future<RawAnswer>> onRoute =
        () ->
            breakers.guard(route.label(), policy, exchange, Routes::routeFault, Routes::routeFault);
    return route.proxyId() == null
        ? onRoute.get()
        : breakers.guard(
            proxyKey(route.proxyId()), policy, onRoute, answer -> false, Routes::proxyFault);
  }

  /**
   * The exchange failed by the route; suspends it when that was one too many. True: it is
   * suspended.
   */
  Future<Boolean> failed(
      Platform platform, Route route, Pass pass, boolean proxyFault, String why) {
    String key = proxyFault ? proxyKey(route.proxyId()) : route.label();
    Suspension probe = pass.probe();
    if (probe != null && probe.kind() == Suspension.Kind.PROXY && !proxyFault) {
      return lift(probe, route).map(false);
    }
    if (probe == null && !breakers.open(key)) {
      return Future.succeededFuture(false);
    }
    Instant now = time.instant();
    Suspension suspension =
        new Suspension(
            proxyFault ? Suspension.Kind.PROXY : Suspension.Kind.ROUTE,
            proxyFault ? null : platform.name(),
            route.proxyId(),
            why,
            now,
            now.plus(platform.breaker().resetTimeout()));
    return suspend(suspension).map(true);
  }

  /** The provider asked to be left alone. */
  Future<Void> throttled(Platform platform, Duration wait) {
    Instant now = time.instant();
    return suspend(
        new Suspension(
            Suspension.Kind.THROTTLED,
            platform.name(),
            null,
            "the provider answered 429",
            now,
            now.plus(wait)));
  }

  /** The provider refused our client. */
  Future<Void> misconfigured(Platform platform, String code) {
    Instant now = time.instant();
    LOG.atError()
        .addKeyValue("platform", platform.name())
        .addKeyValue("class", "provider_config")
        .addKeyValue("cause", code)
        .log("provider_config");
    return suspend(
        new Suspension(
            Suspension.Kind.PROVIDER_CONFIG,
            platform.name(),
            null,
            "the provider answered " + code,
            now,
            now.plus(CONFIG_PROBE)));
  }

  /**
   * The exchange reached the provider and its answer was about the account: the probed suspension
   * ends.
   */
  Future<Void> worked(Route route, Pass pass) {
    Suspension probed = pass.probe();
    if (probed == null) {
      return Future.succeededFuture();
    }
    return lift(probed, route);
  }

  /** Ends a suspension, for everyone, with the benches of that outage. */
  Future<Void> lift(Suspension suspension, Route route) {
    resetBreaker(suspension);
    forget(suspension);
    return store
        .lift(suspension)
        .onSuccess(ended -> announceLift(suspension, ended))
        .compose(ended -> benches.clearOutage(route))
        .onSuccess(changed -> changed.forEach(this::announceRecovery))
        .mapEmpty();
  }

  /** An operator closed a proxy, or opened it again: every node reads it from the store. */
  Future<Void> closedByHand(long proxy, Suspension.Kind kind, boolean closed) {
    Instant now = time.instant();
    announcements.route(new Suspension(kind, null, proxy, "by an operator", now, now), closed);
    return reconcile();
  }

  /** A proxy was deleted: that is told where it leaves accounts without one, as the store knows. */
  Future<Void> deleted(long proxy) {
    return reconcile()
        .onSuccess(read -> known.stream().filter(s -> left(s, proxy)).forEach(this::tellDown));
  }

  private static boolean left(Suspension suspension, long proxy) {
    return suspension.kind() == Suspension.Kind.PROXY_MISSING
        && Long.valueOf(proxy).equals(suspension.proxyId());
  }

  private void tellDown(Suspension suspension) {
    announcements.route(suspension, true);
  }

  /** An operator mended the proxy: what was suspended because of it is tried again at once. */
  Future<Void> mended(long proxy) {
    return Future.join(
            known.stream()
                .filter(s -> s.passes() && Long.valueOf(proxy).equals(s.proxyId()))
                .map(s -> lift(s, new Route(Objects.requireNonNullElse(s.platform(), ""), proxy)))
                .toList())
        .mapEmpty();
  }

  Problem refusal(Suspension suspension) {
    ProblemCode code =
        suspension.ofProxy() ? ProblemCode.PROXY_UNAVAILABLE : ProblemCode.PROVIDER_UNAVAILABLE;
    String what =
        switch (suspension.kind()) {
          case PROXY, PROXY_DISABLED, PROXY_MISSING -> "The proxy is suspended: ";
          case ROUTE -> "The provider is not reached: ";
          case THROTTLED -> "The token endpoint is left alone: ";
          case PROVIDER_CONFIG -> "The client settings of the platform were refused: ";
        };
    Problem problem = Problem.of(code, what + suspension.reason() + ".");
    String platform = suspension.platform();
    return (platform == null ? problem : problem.withPlatform(platform))
        .until(suspension.probeAt(), time.instant());
  }

  private Future<Void> suspend(Suspension suspension) {
    if (remember(suspension)) {
      LOG.atWarn()
          .addKeyValue("platform", suspension.platform())
          .addKeyValue("route", suspension.proxyId())
          .addKeyValue("cause", suspension.reason())
          .log("suspended");
    }
    return store.suspend(suspension).onSuccess(done -> announcements.route(suspension, true));
  }

  /** True: it is news to this node. */
  private synchronized boolean remember(Suspension suspension) {
    boolean news = known.stream().noneMatch(s -> same(s, suspension));
    List<Suspension> after = new ArrayList<>(known);
    after.removeIf(s -> same(s, suspension));
    after.add(suspension);
    known = List.copyOf(after);
    return news;
  }

  private synchronized void forget(Suspension suspension) {
    known = known.stream().filter(s -> !same(s, suspension)).toList();
  }

  private void announceLift(Suspension suspension, boolean ended) {
    if (ended) {
      LOG.atInfo()
          .addKeyValue("platform", suspension.platform())
          .addKeyValue("route", suspension.proxyId())
          .log("restored");
      announcements.route(suspension, false);
    }
  }

  private void announceRecovery(Account account) {
    announcements.changedHere(
        account,
        Notice.Type.TEMP_UNSCHED_CLEARED,
        BenchCause.REFRESH_FAILED,
        "the route is back",
        "account.bench_cleared",
        Map.of("cause", WireName.of(BenchCause.REFRESH_FAILED)));
  }

  private static boolean same(Suspension a, Suspension b) {
    return a.kind() == b.kind()
        && Optional.ofNullable(a.platform()).equals(Optional.ofNullable(b.platform()))
        && Optional.ofNullable(a.proxyId()).equals(Optional.ofNullable(b.proxyId()));
  }

  private static String proxyKey(@Nullable Long proxy) {
    return "proxy-" + proxy;
  }

  private static boolean routeFault(RawAnswer answer) {
    return answer.status() >= 500 || answer.status() == 408;
  }

  private static boolean routeFault(Throwable failure) {
    return failure instanceof NoAnswer
        || (failure instanceof ConnectFailure connect && !connect.proxyFault());
  }

  private static boolean proxyFault(Throwable failure) {
    return failure instanceof ConnectFailure connect && connect.proxyFault();
  }
}
