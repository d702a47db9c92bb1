package dev.evertoken.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A PostgreSQL data folder and the programs that make, start and stop its server. */
final class PostgresCluster {
  private static final Duration ORPHAN_GRACE = Duration.ofSeconds(10);
  private static final int TRIES = 5;

  private final Path programs;
  private final Path home;
  private final Path data;
  private final PostgresSettings settings;
  private final String user;
  private volatile int port;

  private PostgresCluster(Path programs, Path home, PostgresSettings settings, String user) {
    this.programs = programs;
    this.home = home;
    this.data = home.resolve("cluster");
    this.settings = settings;
    this.user = user;
    this.port = settings.port();
  }

  static PostgresCluster of(Path home, PostgresSettings settings, String user) throws IOException {
    return new PostgresCluster(
        PostgresBinaries.unpacked(BinaryCache.ofUser(home)), home, settings, user);
  }

  int port() {
    return port;
  }

  ServerProcess process() throws IOException {
    return find().orElseThrow(() -> new IOException("No PostgreSQL runs over " + data));
  }

  private Optional<ServerProcess> find() throws IOException {
    return ServerProcess.find(data.resolve("postmaster.pid"), "postgres", data);
  }

  void start() throws IOException {
    makeOnce();
    stop();
    Programs.rotate(log());
    // A pid that is not our server's would make PostgreSQL refuse to start, even if it is a
    // stranger's.
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    for (int left = TRIES; !started(); left--) {
      if (left == 1) {
        throw new IOException("PostgreSQL did not start: " + Programs.tail(log()));
      }
    }
  }

  /** A free port may be taken by the time it is used, and killed backends need a moment to go. */
  private boolean started() throws IOException {
    boolean anyPort = port == 0;
    int wanted = anyPort ? Programs.freePort() : port;
    if (control("start", "-w", "-t", "60", "-l", log().toString(), "-o", options(wanted)) == 0) {
      port = wanted;
      return true;
    }
    return false;
  }

  private String options(int wanted) {
    var options = new ArrayList<String>();
    options.add("-p " + wanted);
    options.add("-c listen_addresses=127.0.0.1");
    options.add("-c unix_socket_directories=");
    options.add("-c max_connections=" + settings.maxConnections());
    options.add("-c shared_buffers=64MB");
    options.add("-c log_checkpoints=off");
    options.add("-c fsync=" + (settings.fsync() ? "on" : "off"));
    if (!settings.fsync()) {
      // Not synchronous_commit: what was committed must survive a killed server even in tests.
      options.add("-c full_page_writes=off");
    }
    return String.join(" ", options);
  }

  /**
   * Made beside its place and renamed, so that a crash in the middle leaves no half of a cluster.
   */
  private void makeOnce() throws IOException {
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return;
    }
    Path fresh = home.resolve("cluster.new");
    BinaryCache.delete(fresh);
    var command = new ArrayList<>(asOrdinaryUser("initdb"));
    command.addAll(List.of("-D", fresh.toString(), "-U", user, "--auth=scram-sha-256"));
    command.add("--pwfile=" + home.resolve("password"));
    command.addAll(List.of("--encoding=UTF8", "--locale=C", "--no-instructions"));
    if (!settings.fsync()) {
      command.add("--no-sync");
    }
    if (Programs.run(command, log(), 120) != 0) {
      throw new IOException("PostgreSQL's data could not be made: " + Programs.tail(log()));
    }
    Files.move(fresh, data);
  }

  /** Stops the server of this folder, whoever started it; cuts its sessions. */
  void stop() throws IOException {
    Optional<ServerProcess> running = find();
    if (running.isEmpty()) {
      return;
    }
    control("stop", "-m", "fast", "-t", Long.toString(ORPHAN_GRACE.toSeconds()));
    if (running.get().runs() && !running.get().ended(Duration.ofSeconds(1))) {
      running.get().kill();
    }
  }

  private int control(String action, String... arguments) throws IOException {
    var command = new ArrayList<>(asOrdinaryUser("pg_ctl"));
    command.addAll(List.of(action, "-s", "-D", data.toString()));
    command.addAll(List.of(arguments));
    // pg_ctl gives the server a session of its own: Ctrl-C at our terminal does not reach it.
    return Programs.run(command, log(), 90);
  }

  /**
   * PostgreSQL refuses to run as root; a user namespace makes it somebody else with the same files.
   */
  private List<String> asOrdinaryUser(String program) {
    String path = programs.resolve("bin").resolve(program).toString();
    return "root".equals(System.getProperty("user.name"))
        ? List.of("unshare", "-U", path)
        : List.of(path);
  }

  private Path log() {
    return home.resolve("server.log");
  }
}
