package dev.evertoken.dev;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/**
 * An embedded PostgreSQL on loopback whose data live in a folder and outlive every kind of end.
 *
 * <p>The folder belongs to one JVM at a time. When that JVM was killed, its server is still there;
 * the next {@link #start} stops it first. Blocking, so not for an event loop; safe for use by
 * several threads.
 */
public final class LocalPostgres implements AutoCloseable {
  private static final String USER = "evertoken";
  private static final String DATABASE = "evertoken";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private final PostgresCluster cluster;
  private final FolderLock lock;
  private final String password;

  private LocalPostgres(PostgresCluster cluster, FolderLock lock, String password) {
    this.cluster = cluster;
    this.lock = lock;
    this.password = password;
  }

  /** Starts a server that syncs its data to disk, on a free port. */
  public static LocalPostgres start(Path folder) throws IOException {
    return start(folder, PostgresSettings.DURABLE);
  }

  /** Starts a server over {@code folder}, made the first time. */
  public static LocalPostgres start(Path folder, PostgresSettings settings) throws IOException {
    Path home = folder.toAbsolutePath().normalize();
    FolderLock lock = FolderLock.take(home);
    try {
      String password = Programs.password(home.resolve("password"));
      var cluster = PostgresCluster.of(home, settings, USER);
      var server = new LocalPostgres(cluster, lock, password);
      cluster.start();
      server.createIfMissing(DATABASE);
      return server;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * The address of the service's database: {@code postgresql://user:password@127.0.0.1:port/name}.
   */
  public String uri() {
    return uri(DATABASE);
  }

  /** The address of another database of this server. */
  public String uri(String database) {
    return "postgresql://" + USER + ":" + password + "@127.0.0.1:" + port() + "/" + database;
  }

  /**
   * Creates an empty database.
   *
   * @return its address
   */
  public String createDatabase(String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("Not a plain lower-case name: " + name);
    }
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
      return uri(name);
    } catch (SQLException e) {
      throw new IOException("The database " + name + " could not be created", e);
    }
  }

  private void createIfMissing(String name) throws IOException {
    boolean there;
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
      there = rows.next();
    } catch (SQLException e) {
      throw new IOException("The embedded PostgreSQL does not answer", e);
    }
    if (!there) {
      createDatabase(name);
    }
  }

  private Connection connect() throws SQLException {
    String url =
        "jdbc:postgresql://127.0.0.1:" + port() + "/postgres?connectTimeout=10&socketTimeout=30";
    return DriverManager.getConnection(url, USER, password);
  }

  /** The port on 127.0.0.1; it stays the same until {@link #close}. */
  public int port() {
    return cluster.port();
  }

  /** The pid of the postmaster. */
  public long pid() throws IOException {
    return cluster.process().pid();
  }

  /** Kills the server (SIGKILL, all of its processes); {@link #startAgain} brings it back. */
  public void kill() throws IOException {
    cluster.process().kill();
  }

  /** Starts the server again over the same data and on the same port. */
  public void startAgain() throws IOException {
    cluster.start();
  }

  /** Stops the server, cutting its sessions; the data stay. */
  @Override
  public void close() throws IOException {
    try (lock) {
      cluster.stop();
    }
  }
}
