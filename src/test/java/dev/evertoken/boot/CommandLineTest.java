package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.KeysetFile;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Secret;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.ServiceProcess.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, each as a process of its own. */
final class CommandLineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void aBadConfigurationEndsTheStartWithALineForEachProblemAndCode2() throws IOException {
    Files.writeString(
        folder.resolve("my.yaml"),
        """
        http: {prot: 1}
        redis: {uri: 'redis://:canary@host:port'}
        """);

    Ended ended =
        run(
            Plan.in(folder)
                .with("EVERTOKEN_HTTP_PORT", "70000")
                .with("EVERTOKEN_ADMIN_KEY", "canary")
                .saying("serve", "--config", "my.yaml"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.text().lines())
        .containsExactlyInAnyOrder(
            "http.port (EVERTOKEN_HTTP_PORT): \"70000\" is not allowed;"
                + " allowed: an integer, 0 to 65535",
            "http.prot: unknown key; the nearest known one is http.port",
            "redis.uri: \"redis://***@host:port\" is not allowed;"
                + " allowed: redis://:password@host:port or rediss://… (no _ in the host)",
            "EVERTOKEN_ADMIN_KEY: \"***\" is not allowed;"
                + " allowed: a text of 32 characters or more");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void aMissingKeysetBesideAnExternalDatabaseEndsTheStartWithCode2() {
    Ended ended =
        run(
            Plan.in(folder)
                .with("EVERTOKEN_POSTGRES_URI", "postgresql://u:canary@127.0.0.1:1/e")
                .with("EVERTOKEN_REDIS_URI", "redis://127.0.0.1:1"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.text())
        .contains("encryption.keyset_file: is missing; make one with:")
        .doesNotContain("canary");
  }

  @Test
  void anUnknownCommandEndsWithCode2() {
    assertThat(run(Plan.in(folder).saying("srve")).code()).isEqualTo(2);
  }

  @Test
  void keysetNewPrintsAKeysetAndNothingElse() throws IOException {
    Ended ended = run(Plan.in(folder).saying("keyset", "new"));

    Path file = Files.writeString(folder.resolve("keyset.json"), ended.text());
    assertThat(ended.code()).isZero();
    assertThat(new KeysetFile(file).read().size()).isEqualTo(1);
  }

  @Test
  void keysetRotateAndPromoteKeepOldCiphertextsReadable() throws IOException {
    KeysetFile file = new KeysetFile(folder.resolve("keyset.json"));
    file.write(Keyset.generate());
    byte[] old = new TinkSealer(file.read()).seal(Secret.of("x"), "c");

    assertThat(run(Plan.in(folder).saying("keyset", "rotate", "keyset.json")).code()).isZero();
    TinkSealer rotated = new TinkSealer(file.read());
    assertThat(rotated.keyset().size()).isEqualTo(2);
    assertThat(rotated.current(old)).isTrue();

    assertThat(run(Plan.in(folder).saying("keyset", "promote", "keyset.json")).code()).isZero();
    TinkSealer promoted = new TinkSealer(file.read());
    assertThat(promoted.current(old)).isFalse();
    assertThat(promoted.open(old, "c")).isEqualTo(Secret.of("x"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
  }

  @Test
  void aKeysetFileThatIsNoneIsLeftAsItIs() throws IOException {
    Path file = Files.writeString(folder.resolve("keyset.json"), "canary");

    Ended ended = run(Plan.in(folder).saying("keyset", "rotate", "keyset.json"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.text()).startsWith("keyset.json: is not a Tink").doesNotContain("canary");
    assertThat(file).hasContent("canary");
  }

  @Test
  void statusSaysThatNothingAnswers() {
    Ended ended = run(Plan.in(folder).with("EVERTOKEN_URL", "http://127.0.0.1:1").saying("status"));

    assertThat(ended.code()).isEqualTo(8);
    assertThat(ended.text()).startsWith("http://127.0.0.1:1 cannot be reached: ");
  }

  private record Ended(int code, String text) {}

  private static Ended run(Plan plan) {
    try (ServiceProcess process = ServiceProcess.start(plan)) {
      int code = process.exitCode(PATIENCE);
      return new Ended(code, process.log());
    }
  }
}
