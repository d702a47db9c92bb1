package dev.evertoken.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * The right of one attempt to present the refresh token of a row, held until it lapses (database
 * time).
 */
public record Claim(UUID attempt, String node, Instant at, Instant until) {

  public boolean lapsedAt(Instant now) {
    return !now.isBefore(until);
  }
}
