package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import dev.evertoken.boot.settings.BadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HazelcastFileTest {

  private static final Path SHIPPED = Path.of("conf/hazelcast.yaml");

  @TempDir private Path folder;

  @Test
  void theShippedOneStaysOnLoopbackAndLooksForNobodyByItself() {
    Config config = HazelcastFile.read(SHIPPED, Map.of());

    JoinConfig join = config.getNetworkConfig().getJoin();
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
    assertThat(join.getTcpIpConfig().getMembers()).containsExactly("127.0.0.1");
    assertThat(config.getNetworkConfig().getInterfaces().getInterfaces())
        .containsExactly("127.0.0.1");
    assertThat(config.getProperty("hazelcast.max.no.heartbeat.seconds")).isEqualTo("6");
  }

  @Test
  void itsExampleForKubernetesIsOneThatHazelcastReads() throws IOException {
    String text =
        Files.readString(SHIPPED)
            .replaceAll("(?m)^( +)# (kubernetes:| {2}enabled:| {2}service-)", "$1$2")
            .replace(
                "        enabled: true\n        member-list",
                "        enabled: false\n        member-list")
            .replace("interfaces: [127.0.0.1]", "interfaces: [\"${POD_IP}\"]");
    Path file = Files.writeString(folder.resolve("hazelcast.yaml"), text);

    Config config = HazelcastFile.read(file, Map.of("POD_IP", "10.1.2.3"));

    JoinConfig join = config.getNetworkConfig().getJoin();
    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
    assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(join.getKubernetesConfig().getProperties())
        .containsEntry("service-dns", "evertoken-nodes.default.svc.cluster.local")
        .containsEntry("service-port", "5701");
    assertThat(config.getNetworkConfig().getInterfaces().getInterfaces())
        .containsExactly("10.1.2.3");
  }

  @Test
  void whatCannotBeUsedIsToldByItsName() throws IOException {
    Path needy =
        Files.writeString(
            folder.resolve("needy.yaml"), "# ${OTHER}\nhazelcast:\n  cluster-name: ${MISSING}\n");
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "hazelcast: [");

    assertThat(problem(needy)).endsWith("needs the environment variable MISSING");
    assertThat(problem(broken)).endsWith("broken.yaml\" cannot be read");
  }

  private static String problem(Path file) {
    return catchThrowableOfType(BadSettings.class, () -> HazelcastFile.read(file, Map.of()))
        .problems()
        .getFirst();
  }
}
