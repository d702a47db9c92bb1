package dev.evertoken.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.dev.PostgresSettings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

final class ProcessesTest {
  @Test
  void freezesPostgresWithItsBackendsAndLetsItGoOn() throws Exception {
    try (var server = LocalPostgres.start(Scratch.folder("frozen"), PostgresSettings.FAST);
        Connection connection = Jdbc.connect(server.uri());
        Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, 500);
      CompletableFuture<Boolean> answer;
      try (Frozen _ = Frozen.tree(server.pid())) {
        assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        answer = CompletableFuture.supplyAsync(() -> answers(server.uri()));
        assertThatThrownBy(() -> answer.orTimeout(300, TimeUnit.MILLISECONDS).join())
            .isInstanceOf(CompletionException.class);
      }
      Await.until("it answers again", () -> answers(server.uri()));
    }
  }

  private static boolean answers(String uri) {
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void freezesRedisAndKillsIt() throws Exception {
    try (var server = LocalRedis.start(Scratch.folder("frozen-redis"));
        var socket = Echo.connect(server.port())) {
      try (Frozen _ = Frozen.tree(server.pid())) {
        socket.setSoTimeout(300);
        assertThatThrownBy(() -> Echo.say(socket, "PING\r\n"))
            .isInstanceOf(SocketTimeoutException.class);
        Frozen.kill9(server.pid());
      }
      Await.until("it is gone", () -> !runs(server));
      server.startAgain();
      assertThat(runs(server)).isTrue();
    }
  }

  private static boolean runs(LocalRedis server) {
    try {
      return server.pid() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void sharesServersAndGivesEachTestItsOwnRoom() throws Exception {
    String one = SharedServers.freshDatabase();
    String two = SharedServers.freshDatabase();
    try (Connection connection = Jdbc.connect(one);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE mine (x int)");
    }
    try (Connection connection = Jdbc.connect(two);
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("SELECT * FROM mine"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(SharedServers.freshRedis()).isNotEqualTo(SharedServers.freshRedis());
  }

  @Test
  void startsWatchesAndEndsAJvm() {
    var plan = ServiceProcess.Plan.in(Scratch.folder("service")).with("EVERTOKEN_WORD", "hello");
    try (var service = ServiceProcess.start(plan, TalkingMain.class.getName())) {
      service.awaitReady(Duration.ofSeconds(20)).awaitLine("said hello", Duration.ofSeconds(5));
      assertThat(service.url()).endsWith(":" + TalkingMain.port(service.log()));

      service.sigterm();
      assertThat(service.exitCode(Duration.ofSeconds(10))).isEqualTo(143);
    }
    try (var service = ServiceProcess.start(plan, TalkingMain.class.getName())) {
      service.awaitReady(Duration.ofSeconds(20));
      service.kill9();
      assertThat(service.isAlive()).isFalse();
      assertThat(service.exitCode(Duration.ZERO)).isEqualTo(137);
    }
  }

  @Test
  void tellsTheLogOfAJvmThatEndsTooEarly() {
    var plan = ServiceProcess.Plan.in(Scratch.folder("early")).saying("fail");
    try (var service = ServiceProcess.start(plan, TalkingMain.class.getName())) {
      assertThatThrownBy(() -> service.awaitReady(Duration.ofSeconds(20)))
          .hasMessageContaining("Ended with 3")
          .hasMessageContaining("cannot start");
    }
  }

  @Test
  void saysWhatWasAwaitedInVain() {
    assertThatThrownBy(() -> Await.until("the moon rises", () -> false, Duration.ofMillis(20)))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("the moon rises");
  }
}
