package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Suspension;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Suspensions as the statements take them: the platforms, proxies and routes that are closed. */
final class ClosedWays {

  /** Stands for no proxy; ids begin with 1. */
  private static final long DIRECT = 0;

  private final Set<String> platforms = new TreeSet<>();
  private final Set<Long> proxies = new TreeSet<>();
  private final List<String> routePlatforms = new ArrayList<>();
  private final List<Long> routeProxies = new ArrayList<>();

  ClosedWays(Collection<Suspension> closed) {
    closed.forEach(this::add);
  }

  private void add(Suspension suspension) {
    String platform = suspension.platform();
    switch (suspension.kind()) {
      case PROXY, PROXY_DISABLED, PROXY_MISSING ->
          proxies.add(Objects.requireNonNull(suspension.proxyId()));
      case PLATFORM, THROTTLED, PROVIDER_CONFIG -> platforms.add(Objects.requireNonNull(platform));
      case ROUTE, UNREADABLE, ROUTE_THROTTLED -> {
        routePlatforms.add(Objects.requireNonNull(platform));
        routeProxies.add(Objects.requireNonNullElse(suspension.proxyId(), DIRECT));
      }
    }
  }

  Set<String> platforms() {
    return platforms;
  }

  /** The arguments with three more: the proxies, the routes' platforms and the routes' proxies. */
  Tuple addedTo(Tuple arguments) {
    return arguments
        .addArrayOfLong(proxies.toArray(Long[]::new))
        .addArrayOfString(routePlatforms.toArray(String[]::new))
        .addArrayOfLong(routeProxies.toArray(Long[]::new));
  }
}
