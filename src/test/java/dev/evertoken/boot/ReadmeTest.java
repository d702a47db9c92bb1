package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.ServiceProcess.Plan;
import dev.evertoken.scenario.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The operator's chapter of the README, run by a shell exactly as it is printed. */
final class ReadmeTest {

  private static final Pattern BLOCK =
      Pattern.compile("<!-- ReadmeTest runs[^\n]*\n```bash\n(.*?)```", Pattern.DOTALL);

  @RegisterExtension
  final Service service =
      new Service()
          .platform("antigravity")
          .platform("antigravity", "limits", "{concurrency: 50, per_second: 1000}")
          .asProcess();

  @TempDir private Path folder;

  @Test
  void fromAnEmptyDatabaseToAPoolOfThreeAccountsBehindTwoProxies() throws Exception {
    NewFamily blue = service.provider().newFamily();
    NewFamily green = service.provider().newFamily();
    NewFamily red = service.provider().newFamily();
    try (FakeProxy berlin = FakeProxy.http("alice", "p@ss word");
        FakeProxy madrid = FakeProxy.socks5()) {
      ServiceProcess process = service.process(this::asReadersDo);

      Shell shell =
          run(
              chapter(),
              Map.of(
                  "EVERTOKEN_URL", process.url(),
                  "BERLIN", "127.0.0.1:" + berlin.port(),
                  "BERLIN_PASSWORD", "p@ss word",
                  "MADRID", "127.0.0.1:" + madrid.port(),
                  "BLUE", blue.refreshToken(),
                  "GREEN", green.refreshToken(),
                  "RED", red.refreshToken()));

      assertThat(shell.said())
          .as(shell.said())
          .contains("Account 1 \"blue\"", "manual (complaints)");
      assertThat(shell.code()).as(shell.said()).isZero();
      assertThat(shell.said().lines())
          .filteredOn(line -> service.provider().ledger().isAccessTokenValid(line, Instant.now()))
          .as("the token alone on its line")
          .hasSize(1);
      assertThat(service.provider().ledger().reuses()).isEmpty();
      assertThat(berlin.targets()).isNotEmpty().allMatch(this::isTheProvider);
      assertThat(madrid.targets()).allMatch(this::isTheProvider);
      assertThat(shell.said())
          .doesNotContain("p@ss", blue.refreshToken(), green.refreshToken(), red.refreshToken());
    }
  }

  private boolean isTheProvider(String target) {
    return service.provider().url(Endpoint.TOKEN).contains(target);
  }

  /** No key is given: the service makes one in its data folder, where the commands look for it. */
  private Plan asReadersDo(Plan plan) {
    Map<String, String> environment = new HashMap<>(plan.environment());
    environment.remove("EVERTOKEN_ADMIN_KEY");
    environment.put("EVERTOKEN_DATA_DIR", folder.resolve("data").toString());
    return new Plan(plan.folder(), environment, plan.arguments(), plan.jvmOptions());
  }

  private static String chapter() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).as("the block that the comment announces").isTrue();
    return block.group(1);
  }

  private record Shell(int code, String said) {}

  private Shell run(String commands, Map<String, String> environment) throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path program =
        Files.writeString(
            bin.resolve("evertoken"),
            "#!/bin/sh\nexec '%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
                .formatted(
                    System.getProperty("java.home"),
                    System.getProperty("java.class.path"),
                    Main.class.getName()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("EVERTOKEN_"));
    builder.environment().putAll(environment);
    builder.environment().merge("PATH", bin.toString(), (path, mine) -> mine + ":" + path);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(10, TimeUnit.MINUTES);
      assertThat(ended).as(() -> "did not end; so far:\n" + read(said)).isTrue();
      return new Shell(process.exitValue(), read(said));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
