package dev.evertoken.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NodeArchiveTest {
  @Test
  void aCacheThatDoesNotFitCostsTimeAndNothingElse() throws Exception {
    Path build = Scratch.folder("build");
    Files.createDirectory(build.resolve("classes"));
    Path cache = Files.writeString(build.resolve("garbage.aot"), "garbage");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(new NodeArchive(build).packed("-XX:AOTCache=" + cache));
    command.add("--version");

    Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();

    assertThat(jvm.inputReader().lines()).hasSize(3).noneMatch(line -> line.startsWith("["));
    assertThat(jvm.waitFor()).isZero();
  }
}
