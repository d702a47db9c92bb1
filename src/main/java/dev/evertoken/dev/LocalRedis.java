package dev.evertoken.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An embedded Redis on loopback with an append-only file, whose data live in a folder and outlive
 * every kind of end.
 *
 * <p>The folder belongs to one JVM at a time. When that JVM was killed, its server is still there;
 * the next {@link #start} stops it first. Blocking, so not for an event loop; safe for use by
 * several threads.
 */
public final class LocalRedis implements AutoCloseable {
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final Duration PID_PATIENCE = Duration.ofSeconds(3);
  private static final Duration START_PATIENCE = Duration.ofSeconds(20);
  private static final int TRIES = 5;

  private final Path home;
  private final Path program;
  private final RedisSettings settings;
  private final FolderLock lock;
  private final String password;
  private volatile int port;

  private LocalRedis(
      Path home, Path program, RedisSettings settings, FolderLock lock, String password) {
    this.home = home;
    this.program = program;
    this.settings = settings;
    this.lock = lock;
    this.password = password;
    this.port = settings.port();
  }

  /** Starts a server on a free port. */
  public static LocalRedis start(Path folder) throws IOException {
    return start(folder, RedisSettings.DURABLE);
  }

  /** Starts a server over {@code folder}, made the first time. */
  public static LocalRedis start(Path folder, RedisSettings settings) throws IOException {
    Path home = folder.toAbsolutePath().normalize();
    FolderLock lock = FolderLock.take(home);
    try {
      Files.createDirectories(home.resolve("data"));
      Path program = RedisBinary.unpacked(BinaryCache.ofUser(home));
      String password = Programs.password(home.resolve("password"));
      var server = new LocalRedis(home, program, settings, lock, password);
      server.startAgain();
      return server;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** The address of database 0: {@code redis://:password@127.0.0.1:port/0}. */
  public String uri() {
    return uri(0);
  }

  /** The address of a numbered database. */
  public String uri(int database) {
    return "redis://:" + password + "@127.0.0.1:" + port + "/" + database;
  }

  /** The port on 127.0.0.1; it stays the same until {@link #close}. */
  public int port() {
    return port;
  }

  /** The pid of the server. */
  public long pid() throws IOException {
    return process().orElseThrow(() -> new IOException("No Redis runs over " + home)).pid();
  }

  /** Kills the server (SIGKILL); {@link #startAgain} brings it back. */
  public void kill() throws IOException {
    process().ifPresent(ServerProcess::kill);
  }

  /** Starts the server over the same data and, once it had one, on the same port. */
  public void startAgain() throws IOException {
    stop();
    Programs.rotate(log());
    for (int left = TRIES; !started(); left--) {
      if (left == 1) {
        throw new IOException("Redis did not start: " + Programs.tail(log()));
      }
    }
  }

  /** A free port may be taken by the time it is used. */
  private boolean started() throws IOException {
    int wanted = port == 0 ? Programs.freePort() : port;
    Programs.writePrivate(configuration(), configured(wanted));
    List<String> command = List.of(program.toString(), configuration().toString());
    if (Programs.run(command, log(), 30) == 0 && ready(wanted)) {
      port = wanted;
      return true;
    }
    stop();
    return false;
  }

  private boolean ready(int wanted) throws IOException {
    var probe = new RedisProbe(wanted, password);
    long start = System.nanoTime();
    while (!probe.answers()) {
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      boolean lost = process().isEmpty() && waited.compareTo(PID_PATIENCE) > 0;
      if (lost || waited.compareTo(START_PATIENCE) > 0) {
        return false;
      }
      Programs.pause();
    }
    return true;
  }

  /**
   * {@code daemonize} gives the server a session of its own: Ctrl-C at our terminal does not reach
   * it.
   */
  private String configured(int wanted) {
    return """
    daemonize yes
    bind 127.0.0.1
    port %d
    requirepass %s
    databases %d
    dir "%s"
    pidfile "%s"
    logfile "%s"
    set-proc-title no
    appendonly yes
    save ""
    """
        .formatted(wanted, password, settings.databases(), home.resolve("data"), pidFile(), log());
  }

  private Optional<ServerProcess> process() throws IOException {
    return ServerProcess.find(pidFile(), "redis-server", home);
  }

  private void stop() throws IOException {
    process().ifPresent(server -> server.stop(STOP_GRACE));
    Files.deleteIfExists(pidFile());
  }

  private Path configuration() {
    return home.resolve("redis.conf");
  }

  private Path pidFile() {
    return home.resolve("redis.pid");
  }

  private Path log() {
    return home.resolve("server.log");
  }

  /** Stops the server after it has written its data. */
  @Override
  public void close() throws IOException {
    try (lock) {
      stop();
    }
  }
}
