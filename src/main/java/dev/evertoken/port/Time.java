package dev.evertoken.port;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of this node: now by PostgreSQL's clock as far as it is known, and a monotonic one for
 * deadlines.
 */
public interface Time extends InstantSource {

  @Override
  Instant instant();

  /** Nanoseconds of a monotonic clock; only differences mean something. */
  long nanos();
}
