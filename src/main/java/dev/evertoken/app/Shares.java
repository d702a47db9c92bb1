package dev.evertoken.app;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Route;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * What this node may do at a time towards each platform and each route to it: the cluster's limits
 * divided by the nodes that live. One route gets at most half of a platform's as soon as another
 * route is in use.
 */
final class Shares {

  private final Vertx vertx;
  private final IntSupplier nodes;
  private final ConcurrentHashMap<String, Share> platforms = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Route, Share> routes = new ConcurrentHashMap<>();

  Shares(Vertx vertx, IntSupplier nodes) {
    this.vertx = vertx;
    this.nodes = nodes;
  }

  /** A place on the route; held from before the claim until the end. */
  Future<Share.Permit> route(Platform platform, Route route, Demand demand, Duration bound) {
    return routes
        .computeIfAbsent(route, key -> new Share(vertx, () -> onRoute(platform, key), () -> 0))
        .take(demand, bound);
  }

  /** A place at the platform's token endpoint; held while the request is under way. */
  Future<Share.Permit> platform(Platform platform, Demand demand, Duration bound) {
    return platforms
        .computeIfAbsent(
            platform.name(),
            key ->
                new Share(
                    vertx, () -> atOnce(platform), () -> platform.limits().perSecond() / live()))
        .take(demand, bound);
  }

  private int onRoute(Platform platform, Route route) {
    boolean alone =
        routes.entrySet().stream()
            .noneMatch(
                other ->
                    !other.getKey().equals(route)
                        && other.getKey().platform().equals(route.platform())
                        && other.getValue().busy() > 0);
    int most = alone ? atOnce(platform) : Math.max(1, atOnce(platform) / 2);
    return route.proxyId() == null ? most : Math.min(most, platform.breaker().maxFailures());
  }

  private int atOnce(Platform platform) {
    return Math.max(1, platform.limits().concurrency() / live());
  }

  private int live() {
    return Math.max(1, nodes.getAsInt());
  }
}
