package dev.evertoken.domain;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where a platform tells the project of an account; of each list the next URL is tried after 408,
 * 404, 429 or 5xx.
 */
public record ProjectPolicy(List<URI> loadUrls, List<URI> onboardUrls, Duration cooldown) {

  public ProjectPolicy {
    loadUrls = List.copyOf(loadUrls);
    onboardUrls = List.copyOf(onboardUrls);
  }
}
