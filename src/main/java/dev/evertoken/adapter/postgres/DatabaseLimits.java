package dev.evertoken.adapter.postgres;

import java.time.Duration;

/**
 * How long and how many: what keeps a dead PostgreSQL from holding anybody.
 *
 * @param deadline after which a call ends, whatever became of its statement
 * @param statementTimeout after which the server itself ends a statement; shorter, so that a slow
 *     statement is told from a dead server
 * @param connections of one pool; up to two of them, but never all, are kept for urgent calls
 * @param waiting calls that may stand in line for a connection; more are refused at once
 * @param lineTime how long a call stands in line while the server works
 * @param timeoutsInARow after so many the server counts as frozen, and its connections as lost
 * @param patience how long a new pool, on which nothing has worked yet, is kept
 */
public record DatabaseLimits(
    Duration deadline,
    Duration statementTimeout,
    int connections,
    int waiting,
    Duration lineTime,
    int timeoutsInARow,
    Duration patience) {

  private static final int MOST_RESERVED = 2;

  /** How many connections only commits, claims and heartbeats use. */
  int reserved() {
    return Math.min(MOST_RESERVED, connections - 1);
  }

  /** The limits in service, for a pool of that size. */
  public static DatabaseLimits of(int connections) {
    return new DatabaseLimits(
        Duration.ofSeconds(2),
        Duration.ofMillis(1500),
        connections,
        10_000,
        Duration.ofSeconds(5),
        3,
        Duration.ofSeconds(10));
  }
}
