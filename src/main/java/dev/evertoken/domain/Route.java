package dev.evertoken.domain;

import org.jspecify.annotations.Nullable;

/**
 * The way to a platform's token endpoint: directly (no proxy id) or through one proxy; what a
 * circuit breaker guards.
 */
public record Route(String platform, @Nullable Long proxyId) {

  /**
   * {@code antigravity/direct} or {@code antigravity/proxy-3}: for logs, metrics and the bench that
   * an outage sets.
   */
  public String label() {
    return platform + "/" + (proxyId == null ? "direct" : "proxy-" + proxyId);
  }
}
