package dev.evertoken.app;

import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.Time;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes that are closed now, put together anew only when that changes. */
final class ClosedNow implements Supplier<ClosedRoutes> {

  /** The suspensions as of one change, good until the first pause among them is over. */
  private record Seen(long change, Instant until, ClosedRoutes routes) {}

  private final UpstreamHealth health;
  private final Time time;
  private final AtomicLong changes = new AtomicLong();
  private volatile @Nullable Seen seen;

  ClosedNow(UpstreamHealth health, Time time) {
    this.health = health;
    this.time = time;
    health.watch(changes::incrementAndGet);
  }

  @Override
  public ClosedRoutes get() {
    Seen known = seen;
    long change = changes.get();
    Instant now = time.instant();
    if (known == null || known.change() != change || !now.isBefore(known.until())) {
      List<Suspension> closed = health.suspensions();
      known = new Seen(change, firstEnd(closed), new ClosedRoutes(closed));
      seen = known;
    }
    return known.routes();
  }

  private static Instant firstEnd(List<Suspension> closed) {
    return closed.stream()
        .filter(ClosedNow::endsByTime)
        .map(Suspension::probeAt)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  private static boolean endsByTime(Suspension suspension) {
    return switch (suspension.kind()) {
      case ROUTE_THROTTLED, THROTTLED -> true;
      case PROXY, ROUTE, UNREADABLE, PLATFORM, PROVIDER_CONFIG, PROXY_DISABLED, PROXY_MISSING ->
          false;
    };
  }
}
