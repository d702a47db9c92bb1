package dev.evertoken.domain;

import java.time.Duration;

/**
 * How a platform's tokens are kept fresh; the margins are upper limits that shrink with short
 * lifetimes, see {@link Margins}.
 */
public record RefreshPolicy(
    Duration window,
    Duration skew,
    Duration cacheSkew,
    Duration safetyMargin,
    Duration requestTimeout,
    Duration connectTimeout,
    Duration tlsTimeout,
    Duration totalTimeout,
    OnError onError) {

  public static final RefreshPolicy DEFAULT =
      new RefreshPolicy(
          Duration.ofMinutes(15),
          Duration.ofMinutes(3),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofSeconds(8),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          OnError.USE_EXISTING);
}
