package dev.evertoken.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One cause for which an account is out until a time.
 *
 * @param route the proxy whose outage set it (a refresh that failed without the account's fault is
 *     not benched, but the benches of an outage end with it), or null
 */
public record Bench(
    BenchCause cause,
    Instant until,
    String reason,
    Instant since,
    Trigger trigger,
    @Nullable String route) {

  public boolean activeAt(Instant now) {
    return now.isBefore(until);
  }
}
