package dev.evertoken.adapter.metrics;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Suspension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code route_open}: 1 for each way upstream that is left alone, 0 for a platform's direct way
 * that is not. A suspended proxy is down for every platform, and a throttled or misconfigured
 * platform by every proxy: the label is {@code *} then.
 */
final class RouteGauges {

  private static final String ANY = "*";
  private static final String DIRECT = "direct";

  private final MultiGauge open;

  RouteGauges(MeterRegistry registry) {
    open =
        MultiGauge.builder("evertoken.route.open")
            .description("1: the way upstream is left alone")
            .register(registry);
  }

  void show(Collection<Platform> platforms, Collection<Suspension> suspensions) {
    Map<Tags, Integer> rows = new LinkedHashMap<>();
    platforms.forEach(platform -> rows.put(tags(platform.name(), DIRECT), 0));
    suspensions.forEach(suspension -> rows.put(tags(suspension), 1));
    open.register(
        rows.entrySet().stream().map(row -> Row.of(row.getKey(), row.getValue())).toList(), true);
  }

  private static Tags tags(Suspension suspension) {
    String platform = suspension.platform() == null ? ANY : suspension.platform();
    String proxy = suspension.proxyId() == null ? "" : suspension.proxyId().toString();
    return switch (suspension.kind()) {
      case PROXY, PROXY_DISABLED, PROXY_MISSING -> tags(ANY, proxy);
      case ROUTE, UNREADABLE, ROUTE_THROTTLED -> tags(platform, proxy.isEmpty() ? DIRECT : proxy);
      case PLATFORM, THROTTLED, PROVIDER_CONFIG -> tags(platform, ANY);
    };
  }

  private static Tags tags(String platform, String proxy) {
    return Tags.of("platform", platform, "proxy", proxy);
  }
}
