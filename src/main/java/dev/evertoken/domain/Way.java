package dev.evertoken.domain;

import org.jspecify.annotations.Nullable;

/**
 * What evidence of failures is about: a route, or a proxy for every platform.
 *
 * @param platform null: the proxy itself
 * @param proxyId null: the direct route
 */
public record Way(@Nullable String platform, @Nullable Long proxyId) {

  public Way {
    if (platform == null && proxyId == null) {
      throw new IllegalArgumentException("a way is a route or a proxy");
    }
  }

  public static Way of(Route route) {
    return new Way(route.platform(), route.proxyId());
  }

  public static Way ofProxy(long proxy) {
    return new Way(null, proxy);
  }
}
