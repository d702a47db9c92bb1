package dev.evertoken.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsRulesTest {

  private static final Map<String, String> SERVERS =
      Map.of("postgres.uri", "postgresql://u:p@db/e", "redis.uri", "redis://r:6379");

  @TempDir private Path folder;

  @Test
  void theNearCacheLivesNoLongerThanAnOutage() {
    assertThat(problems(Map.of("cache.near.max_age", "10m")))
        .containsExactly("cache.near.max_age: must not be longer than cache.near.max_outage");
  }

  @Test
  void tlsNeedsCertificateAndKey() throws IOException {
    Path pem = Files.writeString(folder.resolve("a.pem"), "x");

    assertThat(problems(Map.of("http.tls.certificate", pem.toString())))
        .containsExactly("http.tls: needs certificate and key");
    assertThat(
            problems(
                Map.of("cluster.tls.certificate", pem.toString(), "cluster.tls.key", "" + pem)))
        .containsExactly("cluster.tls: needs certificate, ca and key");
  }

  @Test
  void aClusterNeedsServersThatAllNodesShare() {
    assertThat(problems(Map.of("cluster.enabled", "true")))
        .containsExactly(
            "cluster.enabled: needs postgres.uri and redis.uri, which all nodes share");
  }

  @Test
  void aClusterOffLoopbackRefusesToSpeakInTheClearUnlessAllowed() {
    assertThat(
            problems(with(SERVERS, Map.of("cluster.enabled", "true", "cluster.host", "10.0.0.5"))))
        .singleElement()
        .asString()
        .startsWith("cluster.host: off loopback the bus needs cluster.tls");
    assertThat(
            SettingsLoader.of(
                    with(
                        SERVERS,
                        Map.of(
                            "cluster.enabled", "true",
                            "cluster.host", "10.0.0.5",
                            "cluster.allow_plaintext", "true")),
                    Map.of())
                .warnings())
        .anyMatch(line -> line.startsWith("cluster.allow_plaintext"));
  }

  @Test
  void sentinelAndClusterNeedAddresses() {
    assertThat(problems(Map.of("redis.mode", "sentinel")))
        .containsExactly("redis.mode: sentinel and cluster need redis.uri");
    assertThat(problems(Map.of("redis.uri", "redis://a:1,redis://b:1")))
        .containsExactly("redis.uri: one address only where redis.mode is standalone");
  }

  private static List<String> problems(Map<String, String> values) {
    return catchThrowableOfType(BadSettings.class, () -> SettingsLoader.of(values, Map.of()))
        .problems();
  }

  private static Map<String, String> with(Map<String, String> a, Map<String, String> b) {
    Map<String, String> both = new java.util.HashMap<>(a);
    both.putAll(b);
    return both;
  }
}
