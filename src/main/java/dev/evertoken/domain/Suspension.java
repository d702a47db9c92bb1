package dev.evertoken.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A way upstream that the whole cluster leaves alone: a proxy, a route, or a platform's token
 * endpoint.
 *
 * @param platform null for a proxy, which is down for every platform
 * @param proxyId null for a platform, and for the direct route
 * @param since when it began: only an answer to a later request ends it
 * @param probeAt from then on one node may try it
 */
public record Suspension(
    Kind kind,
    @Nullable String platform,
    @Nullable Long proxyId,
    String reason,
    Instant since,
    Instant probeAt,
    Outage outage) {

  /**
   * The outage that led to it.
   *
   * @param since when its first failure was seen
   * @param failedProbes how many probes have failed
   */
  public record Outage(Instant since, int failedProbes) {}

  /** A suspension whose outage began with it. */
  public Suspension(
      Kind kind,
      @Nullable String platform,
      @Nullable Long proxyId,
      String reason,
      Instant since,
      Instant probeAt) {
    this(kind, platform, proxyId, reason, since, probeAt, new Outage(since, 0));
  }

  public enum Kind {
    /** The proxy refused, timed out or misbehaved. */
    PROXY,
    /** A route whose exchanges fail for several accounts. */
    ROUTE,
    /** A route whose answers hold tokens that nobody can read. */
    UNREADABLE,
    /** A route that answered 429 and rests. */
    ROUTE_THROTTLED,
    /** A platform that is down on most of its routes. */
    PLATFORM,
    /** A platform that answered 429 on more than one route. */
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
      case ROUTE, UNREADABLE, ROUTE_THROTTLED, PLATFORM, THROTTLED, PROVIDER_CONFIG -> false;
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
      case ROUTE, UNREADABLE, ROUTE_THROTTLED ->
          route.equals(new Route(platform == null ? "" : platform, proxyId));
      case PLATFORM, THROTTLED, PROVIDER_CONFIG -> route.platform().equals(platform);
    };
  }
}
