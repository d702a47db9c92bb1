package dev.evertoken.dev;

/**
 * How an embedded PostgreSQL is run.
 *
 * @param port where it listens on loopback; 0 picks a free port
 * @param fsync whether a commit survives the end of the machine; off is for tests only
 * @param maxConnections the most sessions at once
 */
public record PostgresSettings(int port, boolean fsync, int maxConnections) {
  public static final PostgresSettings DURABLE = new PostgresSettings(0, true, 100);

  /** For tests: many sessions, nothing synced. */
  public static final PostgresSettings FAST = new PostgresSettings(0, false, 300);

  public PostgresSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("Not a port: " + port);
    }
    if (maxConnections < 10) {
      throw new IllegalArgumentException("Too few connections: " + maxConnections);
    }
  }
}
