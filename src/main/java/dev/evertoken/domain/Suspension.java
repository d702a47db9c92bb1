package dev.evertoken.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A way upstream that the whole cluster leaves alone: a proxy, a route, or a platform's token
 * endpoint.
 *
 * @param platform null for a proxy, which is down for every platform
 * @param proxyId null for a platform, and for the direct route
 * @param probeAt from then on one node may try it
 */
public record Suspension(
    Kind kind,
    @Nullable String platform,
    @Nullable Long proxyId,
    String reason,
    Instant since,
    Instant probeAt) {

  public enum Kind {
    /** The proxy refused, timed out or misbehaved. */
    PROXY,
    /** The breaker of a route is open: too many failures in a row. */
    ROUTE,
    /** The platform answered 429; it is left alone, and then simply used again. */
    THROTTLED,
    /** The platform refused our client: nothing but a change of the configuration helps. */
    PROVIDER_CONFIG,
    /** An operator switched the proxy off. */
    PROXY_DISABLED,
    /** An operator deleted the proxy while accounts used it. */
    PROXY_MISSING
  }

  /** Whether it is of one proxy, for every platform. */
  public boolean ofProxy() {
    return switch (kind) {
      case PROXY, PROXY_DISABLED, PROXY_MISSING -> true;
      case ROUTE, THROTTLED, PROVIDER_CONFIG -> false;
    };
  }

  /** Whether it ends by itself or by a probe; else an operator has to act. */
  public boolean passes() {
    return kind != Kind.PROXY_DISABLED && kind != Kind.PROXY_MISSING;
  }

  /** When it may end, or null where nobody knows. */
  public @Nullable Instant until() {
    return passes() ? probeAt : null;
  }

  public boolean covers(Route route) {
    return switch (kind) {
      case PROXY, PROXY_DISABLED, PROXY_MISSING ->
          proxyId != null && proxyId.equals(route.proxyId());
      case ROUTE -> route.equals(new Route(platform == null ? "" : platform, proxyId));
      case THROTTLED, PROVIDER_CONFIG -> route.platform().equals(platform);
    };
  }
}
