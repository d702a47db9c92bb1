package dev.evertoken.dev;

/**
 * How an embedded Redis is run.
 *
 * @param port where it listens on loopback; 0 picks a free port
 * @param databases how many numbered databases it has
 */
public record RedisSettings(int port, int databases) {
  public static final RedisSettings DURABLE = new RedisSettings(0, 16);

  /** For tests: a database for each test class. */
  public static final RedisSettings FAST = new RedisSettings(0, 1024);

  public RedisSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("Not a port: " + port);
    }
    if (databases < 1) {
      throw new IllegalArgumentException("Too few databases: " + databases);
    }
  }
}
