package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.Await;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.ServiceProcess.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who has only just got Evertoken. */
final class FirstMinutesTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  @DisplayName("89 the demo ends with 0 when every step was as told, and leaves nothing behind")
  void demo() {
    Plan plan =
        Plan.in(folder.resolve("work"))
            .jvm(List.of("-Djava.io.tmpdir=" + folder))
            .saying("demo", "--exit");
    try (ServiceProcess process = ServiceProcess.start(plan)) {
      int code = process.exitCode(PATIENCE);

      assertThat(process.log())
          .contains("The provider dies", "Every step was as told.")
          .doesNotContain("Exception", "\"level\"");
      assertThat(code).isZero();
      assertThat(folder).isDirectoryNotContaining("glob:**/evertoken-demo-*");
      assertThat(ProcessHandle.allProcesses().map(FirstMinutesTest::command))
          .noneMatch(command -> command.contains(folder.toString()));
    }
  }

  @Test
  void aDemoThatMavenStartedEndsWithIt() throws IOException, InterruptedException {
    Path log = folder.resolve("demo.log");
    Process parent =
        new ProcessBuilder(
                "sh",
                "-c",
                "\"$@\" & wait",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.evertoken.boot.Main",
                "demo",
                "--end-with-parent")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Await.until("it is up", () -> text(log).contains("It stays up"), PATIENCE);
    ProcessHandle demo = parent.children().findFirst().orElseThrow();

    parent.destroyForcibly().waitFor();

    Await.until("the demo ends", () -> !demo.isAlive(), PATIENCE);
    assertThat(folder).isDirectoryNotContaining("glob:**/evertoken-demo-*");
    assertThat(ProcessHandle.allProcesses().map(FirstMinutesTest::command))
        .noneMatch(command -> command.contains(folder.toString()));
  }

  @Test
  void aPortInUseIsToldInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Plan plan =
          Plan.in(folder)
              .with("EVERTOKEN_HTTP_PORT", Integer.toString(taken.getLocalPort()))
              .with("EVERTOKEN_LOG_LEVEL", "error");
      try (ServiceProcess process = ServiceProcess.start(plan)) {
        int code = process.exitCode(PATIENCE);

        assertThat(process.log().lines())
            .singleElement()
            .asString()
            .startsWith("http.host, http.port: ")
            .contains("in use", Integer.toString(taken.getLocalPort()));
        assertThat(code).isEqualTo(1);
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String command(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
