package dev.evertoken.app.route;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Route;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * What this node may do at a time towards each platform and each route to it: the cluster's limits
 * divided by the nodes that live. One route gets at most half of a platform's as soon as another
 * route is in use.
 */
public final class PlatformPermits {

  private static final int FEWEST_AHEAD = 4;
  private static final int MOST_AHEAD = 256;

  private final Scheduler scheduler;
  private final Time time;
  private final IntSupplier nodes;
  private final ConcurrentHashMap<String, PermitQueue> platforms = new ConcurrentHashMap<>();

  /** Of the routes in use only. */
  private final ConcurrentHashMap<Route, PermitQueue> routes = new ConcurrentHashMap<>();

  public PlatformPermits(Scheduler scheduler, Time time, IntSupplier nodes) {
    this.scheduler = scheduler;
    this.time = time;
    this.nodes = nodes;
  }

  /** A place on the route; held from before the claim until the provider has answered. */
  public Future<PermitQueue.Permit> route(
      Platform platform, Route route, Demand demand, Duration bound) {
    return routes
        .compute(route, (key, known) -> announced(known == null ? queue(platform, key) : known))
        .takeAnnounced(demand, bound);
  }

  /** While the map is held, so that no queue is forgotten that somebody is about to use. */
  private static PermitQueue announced(PermitQueue queue) {
    queue.announce();
    return queue;
  }

  private PermitQueue queue(Platform platform, Route route) {
    return new PermitQueue(
        scheduler, time, () -> onRoute(platform, route), () -> 0, () -> forgetIfIdle(route));
  }

  private void forgetIfIdle(Route route) {
    routes.computeIfPresent(route, (key, queue) -> queue.busy() == 0 ? null : queue);
  }

  /** How many routes are in use; the others cost nothing. */
  int routesInUse() {
    return routes.size();
  }

  /** A place at the platform's token endpoint; held while the request is under way. */
  public Future<PermitQueue.Permit> platform(Platform platform, Demand demand, Duration bound) {
    return platforms
        .computeIfAbsent(
            platform.name(),
            key ->
                new PermitQueue(
                    scheduler,
                    time,
                    () -> atOnce(platform),
                    () -> platform.limits().perSecond() / live()))
        .take(demand, bound);
  }

  /**
   * How many refreshes of a platform this node may take in hand ahead of their places: enough to
   * keep them busy, and no more than come to their turn in half that time.
   */
  public int ahead(Platform platform, Duration within) {
    double busy = Math.min(inTurn(platform, within), 4.0 * atOnce(platform));
    return (int) Math.clamp(busy, FEWEST_AHEAD, MOST_AHEAD);
  }

  /** How many the rate lets begin in half that time. */
  private double inTurn(Platform platform, Duration within) {
    double perSecond = platform.limits().perSecond() / live();
    return perSecond <= 0 ? Double.MAX_VALUE : perSecond * within.toMillis() / 2000;
  }

  /** No more than soon come to their turn: whoever has a place here has a claim, which lapses. */
  private int onRoute(Platform platform, Route route) {
    long others =
        routes.entrySet().stream()
            .filter(
                other ->
                    !other.getKey().equals(route)
                        && other.getKey().platform().equals(route.platform())
                        && other.getValue().busy() > 0)
            .count();
    int places = others == 0 ? withClaims(platform) : Math.max(1, atOnce(platform) / 2);
    double inTurn = inTurn(platform, platform.refresh().totalTimeout()) / (1 + others);
    int most = (int) Math.min(places, Math.max(FEWEST_AHEAD, inTurn));
    return route.proxyId() == null ? most : Math.min(most, platform.breaker().maxFailures());
  }

  /**
   * A quarter more than the platform's places, so that none of those is empty for want of a claim.
   */
  private int withClaims(Platform platform) {
    return atOnce(platform) + Math.max(1, atOnce(platform) / 4);
  }

  private int atOnce(Platform platform) {
    return Math.max(1, platform.limits().concurrency() / live());
  }

  private int live() {
    return Math.max(1, nodes.getAsInt());
  }
}
