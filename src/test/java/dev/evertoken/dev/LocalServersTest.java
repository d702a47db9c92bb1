package dev.evertoken.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.Scratch;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class LocalServersTest {
  @Test
  void keepDataAndPasswordOverAStopAndStart() throws Exception {
    Path folder = Scratch.folder("restart");
    try (var postgres = startPostgres(folder);
        var redis = LocalRedis.start(folder.resolve("redis"))) {
      write(postgres.uri());
      assertThat(RedisTalk.to(redis.uri()).say("SET", "k", "kept")).isEqualTo("+OK");
    }
    try (var postgres = startPostgres(folder);
        var redis = LocalRedis.start(folder.resolve("redis"))) {
      assertThat(read(postgres.uri())).isEqualTo("kept");
      assertThat(RedisTalk.to(redis.uri()).say("GET", "k")).isEqualTo("kept");
    }
  }

  @Test
  void keepDataWhenTheOwningJvmIsKilled() throws Exception {
    Path folder = Scratch.folder("kill9");
    Process owner = child(folder);
    List<String> uris = firstLine(owner);
    write(uris.get(0));
    assertThat(RedisTalk.to(uris.get(1)).say("SET", "k", "kept")).isEqualTo("+OK");

    owner.destroyForcibly().waitFor();

    // The orphans still run and hold the folder.
    assertThat(read(uris.get(0))).isEqualTo("kept");
    assertThat(RedisTalk.to(uris.get(1)).say("GET", "k")).isEqualTo("kept");
    try (var postgres = startPostgres(folder);
        var redis = LocalRedis.start(folder.resolve("redis"))) {
      assertThat(read(postgres.uri())).isEqualTo("kept");
      assertThat(RedisTalk.to(redis.uri()).say("GET", "k")).isEqualTo("kept");
      assertThatThrownBy(() -> read(uris.get(0))).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void comeBackOnTheSamePortAfterTheyWereKilled() throws Exception {
    Path folder = Scratch.folder("again");
    try (var postgres = startPostgres(folder);
        var redis = LocalRedis.start(folder.resolve("redis"))) {
      String uri = postgres.uri();
      write(uri);
      assertThat(RedisTalk.to(redis.uri()).say("SET", "k", "kept")).isEqualTo("+OK");

      postgres.kill();
      redis.kill();
      assertThatThrownBy(() -> read(uri)).isInstanceOf(SQLException.class);
      assertThatThrownBy(redis::pid).isInstanceOf(IOException.class);
      postgres.startAgain();
      redis.startAgain();

      assertThat(postgres.uri()).isEqualTo(uri);
      assertThat(read(uri)).isEqualTo("kept");
      assertThat(RedisTalk.to(redis.uri()).say("GET", "k")).isEqualTo("kept");
    }
  }

  @Test
  void refuseAFolderThatALiveJvmOwns() throws Exception {
    Path folder = Scratch.folder("owned");
    Process owner = child(folder);
    try {
      List<String> uris = firstLine(owner);
      assertThatThrownBy(() -> startPostgres(folder)).hasMessageContaining("another");
      assertThatThrownBy(() -> LocalRedis.start(folder.resolve("redis")))
          .hasMessageContaining("another");
      write(uris.get(0));
    } finally {
      owner.destroyForcibly().waitFor();
      startPostgres(folder).close();
      LocalRedis.start(folder.resolve("redis")).close();
    }
  }

  @Test
  void leaveAStrangerAloneWhosePidTheOldPidFileNames() throws Exception {
    Path folder = Scratch.folder("stranger");
    startPostgres(folder).close();
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Path pidFile = folder.resolve("postgres/cluster/postmaster.pid");
      Files.writeString(pidFile, stranger.pid() + "\n" + pidFile.getParent() + "\n");

      startPostgres(folder).close();

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void endWithCloseAndLeaveNoProcess() throws Exception {
    Path folder = Scratch.folder("close");
    var postgres = startPostgres(folder);
    var redis = LocalRedis.start(folder.resolve("redis"));
    List<Long> pids = List.of(postgres.pid(), redis.pid());

    postgres.close();
    redis.close();

    Await.until("both servers are gone", () -> pids.stream().noneMatch(LocalServersTest::runs));
  }

  @Test
  void keepTheirPasswordsFromOtherUsers() throws Exception {
    Path folder = Scratch.folder("secret");
    try (var postgres = startPostgres(folder);
        var redis = LocalRedis.start(folder.resolve("redis"))) {
      for (String file : List.of("postgres/password", "redis/password", "redis/redis.conf")) {
        assertThat(Files.getPosixFilePermissions(folder.resolve(file)))
            .as(file)
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
      for (String closed : List.of("postgres", "redis")) {
        assertThat(Files.getPosixFilePermissions(folder.resolve(closed)))
            .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      }
      String wrong = postgres.uri().replaceFirst(":[0-9a-f]{48}@", ":guess@");
      assertThatThrownBy(() -> read(wrong)).hasMessageContaining("password");
      String guess = redis.uri().replaceFirst(":[0-9a-f]{48}@", ":guess@");
      assertThatThrownBy(() -> RedisTalk.to(guess)).hasMessageContaining("WRONGPASS");
    }
  }

  @Test
  void sayWhatToSetWhereABuildCarriesNoServers() throws Exception {
    String bare =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.matches(".*/(embedded-|commons-compress|xz-).*"))
            .collect(Collectors.joining(File.pathSeparator));

    Process child = child(Scratch.folder("bare"), bare, ProcessBuilder.Redirect.PIPE);

    assertThat(child.errorReader().lines()).anyMatch(line -> line.contains("set postgres.uri"));
    assertThat(child.waitFor()).isEqualTo(1);
  }

  @Test
  void unpackOnceWhenManyStartAtTheSameTime() throws Exception {
    Path folder = Scratch.folder("cache");
    var cache = BinaryCache.in(folder);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      Callable<Path> unpack = () -> PostgresBinaries.unpacked(cache);
      List<Path> places = new ArrayList<>();
      for (Future<Path> place : pool.invokeAll(List.of(unpack, unpack, unpack))) {
        places.add(place.get());
      }
      assertThat(places).allMatch(place -> Files.isExecutable(place.resolve("bin/postgres")));
      assertThat(folder.toFile().list()).hasSize(1);
    }
  }

  private static LocalPostgres startPostgres(Path folder) throws IOException {
    return LocalPostgres.start(folder.resolve("postgres"), PostgresSettings.FAST);
  }

  private static Process child(Path folder) throws IOException {
    String own = System.getProperty("java.class.path");
    return child(folder, own, ProcessBuilder.Redirect.INHERIT);
  }

  private static Process child(Path folder, String classPath, ProcessBuilder.Redirect errors)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath,
            LocalServersChild.class.getName(),
            folder.toString())
        .redirectError(errors)
        .start();
  }

  private static List<String> firstLine(Process child) throws IOException {
    BufferedReader lines = child.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("postgresql://")) {
        return List.of(line.split(" ", -1));
      }
    }
    throw new IOException("The child ended without a word");
  }

  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).flatMap(p -> p.info().commandLine()).isPresent();
  }

  private static void write(String uri) throws SQLException {
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS kept (word text)");
      statement.execute("INSERT INTO kept VALUES ('kept')");
    }
  }

  private static String read(String uri) throws SQLException {
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT word FROM kept LIMIT 1")) {
      return rows.next() ? rows.getString(1) : "";
    }
  }
}
