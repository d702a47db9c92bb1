package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Suspension.Kind;
import dev.evertoken.domain.WireName;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What each kind of suspension covers, in SQL: the same as {@link Suspension#covers}. */
final class WayKinds {

  /** A list of the kinds that cover a proxy, for every platform. */
  static final String OF_A_PROXY = those(kind -> sample(kind).ofProxy());

  /** A list of the kinds that cover one route; what is in neither list covers a platform. */
  static final String OF_A_ROUTE =
      those(kind -> !sample(kind).ofProxy() && !sample(kind).covers(new Route("p", 2L)));

  private WayKinds() {}

  /** Whether the way {@code w} covers the account of those columns. */
  static String covers(String platform, String proxy) {
    return """
    case
      when w.kind in %3$s then w.proxy_id = %2$s
      when w.kind in %4$s then w.platform = %1$s and w.proxy_id is not distinct from %2$s
      else w.platform = %1$s end\
    """
        .formatted(platform, proxy, OF_A_PROXY, OF_A_ROUTE);
  }

  private static Suspension sample(Kind kind) {
    return new Suspension(kind, "p", 1L, "", Instant.EPOCH, Instant.EPOCH);
  }

  private static String those(Predicate<Kind> which) {
    return Arrays.stream(Kind.values())
        .filter(which)
        .map(kind -> "'" + WireName.of(kind) + "'")
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
