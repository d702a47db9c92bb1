package dev.evertoken.app;

import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is suspended at one moment, found by route without a walk through all suspensions. Of
 * several that cover a route the widest counts: what an operator closed, then the platform, the
 * proxy, the route.
 */
final class ClosedRoutes {

  static final ClosedRoutes NONE = new ClosedRoutes(List.of());

  private final Map<Long, Suspension> operators = new HashMap<>();
  private final Map<String, Suspension> platforms = new HashMap<>();
  private final Map<Long, Suspension> proxies = new HashMap<>();
  private final Map<Route, Suspension> routes = new HashMap<>();

  ClosedRoutes(List<Suspension> suspensions) {
    suspensions.forEach(this::add);
  }

  private void add(Suspension suspension) {
    String platform = suspension.platform();
    Long proxy = suspension.proxyId();
    switch (suspension.kind()) {
      case PROXY_DISABLED, PROXY_MISSING -> keep(operators, proxy, suspension);
      case PROXY -> keep(proxies, proxy, suspension);
      case PLATFORM, THROTTLED, PROVIDER_CONFIG -> keep(platforms, platform, suspension);
      case ROUTE, UNREADABLE, ROUTE_THROTTLED ->
          keep(routes, new Route(platform == null ? "" : platform, proxy), suspension);
    }
  }

  private static <K> void keep(Map<K, Suspension> map, @Nullable K key, Suspension suspension) {
    if (key != null) {
      map.merge(key, suspension, ClosedRoutes::laterProbe);
    }
  }

  private static Suspension laterProbe(Suspension a, Suspension b) {
    return Comparator.comparing(Suspension::probeAt).compare(a, b) >= 0 ? a : b;
  }

  /** Why the route is closed, or null. */
  @Nullable Suspension of(Route route) {
    Suspension operator = ofProxy(operators, route);
    if (operator != null) {
      return operator;
    }
    Suspension platform = platforms.get(route.platform());
    if (platform != null) {
      return platform;
    }
    Suspension proxy = ofProxy(proxies, route);
    return proxy != null ? proxy : routes.get(route);
  }

  /** Why all routes of the platform are closed, or null. */
  @Nullable Suspension ofPlatform(String platform) {
    return platforms.get(platform);
  }

  /** Whether the route is closed whatever becomes of its platform. */
  boolean closesItself(Route route) {
    return ofProxy(operators, route) != null
        || ofProxy(proxies, route) != null
        || routes.containsKey(route);
  }

  /** The routes that are closed for themselves. */
  Set<Route> routes() {
    return routes.keySet();
  }

  /** The proxies that are closed for every platform. */
  Stream<Long> proxies() {
    return Stream.concat(operators.keySet().stream(), proxies.keySet().stream());
  }

  private static @Nullable Suspension ofProxy(Map<Long, Suspension> map, Route route) {
    return route.proxyId() == null ? null : map.get(route.proxyId());
  }
}
