package dev.evertoken.app.route;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Suspension;
import java.time.Instant;

/** What callers are told of a suspended route. */
final class RouteRefusals {

  private RouteRefusals() {}

  static Problem of(Suspension suspension, Instant now) {
    ProblemCode code =
        suspension.ofProxy() ? ProblemCode.PROXY_UNAVAILABLE : ProblemCode.PROVIDER_UNAVAILABLE;
    String what =
        switch (suspension.kind()) {
          case PROXY, PROXY_DISABLED, PROXY_MISSING -> "The proxy is suspended: ";
          case ROUTE, PLATFORM -> "The provider cannot be reached: ";
          case UNREADABLE -> "The provider's answers cannot be read: ";
          case ROUTE_THROTTLED, THROTTLED -> "The token endpoint asked for a pause: ";
          case PROVIDER_CONFIG -> "The client settings of the platform were refused: ";
        };
    Problem problem = Problem.of(code, what + suspension.reason() + ".");
    String platform = suspension.platform();
    return (platform == null ? problem : problem.withPlatform(platform))
        .until(suspension.probeAt(), now);
  }
}
