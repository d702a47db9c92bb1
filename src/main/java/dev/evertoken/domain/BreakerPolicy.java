package dev.evertoken.domain;

import java.time.Duration;

/** After how many failures in a row a route is left alone, and after what time it is probed. */
public record BreakerPolicy(int maxFailures, Duration resetTimeout) {

  public static final BreakerPolicy DEFAULT = new BreakerPolicy(5, Duration.ofSeconds(30));
}
