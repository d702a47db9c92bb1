package dev.evertoken.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.OnError;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ConfFilesTest {

  private static final Path NODE = Path.of("conf/evertoken.yaml");
  private static final Map<String, String> CLIENTS =
      Map.of(
          "ANTIGRAVITY_CLIENT_ID", "a",
          "ANTIGRAVITY_CLIENT_SECRET", "s",
          "GEMINI_CLIENT_ID", "g",
          "GEMINI_CLIENT_SECRET", "s",
          "ANTHROPIC_CLIENT_ID", "c",
          "OPENAI_CLIENT_ID", "o");

  /** The table of the contract, section 2, and what came with this issue. */
  private static final Set<String> KEYS =
      Set.of(
          "http.host",
          "http.port",
          "http.tls.certificate",
          "http.tls.key",
          "http.tls.client_ca",
          "postgres.uri",
          "postgres.pool_size",
          "redis.uri",
          "redis.mode",
          "data.dir",
          "cluster.enabled",
          "cluster.hazelcast_config",
          "cluster.host",
          "cluster.port",
          "cluster.public_host",
          "cluster.public_port",
          "cluster.tls.certificate",
          "cluster.tls.key",
          "cluster.tls.ca",
          "cluster.allow_plaintext",
          "providers_file",
          "encryption.keyset_file",
          "refresh.background",
          "refresh.scan_interval",
          "refresh.max_attempts",
          "refresh.retry_backoff",
          "refresh.deadline",
          "temp_unsched.duration",
          "pool.switch_after",
          "pool.max_switches",
          "cache.near.max_age",
          "cache.near.max_outage",
          "cache.near.max_entries",
          "egress.deny",
          "egress.ca_file",
          "dns.servers",
          "audit.retention",
          "proxy_test_url",
          "bus.require_key",
          "shutdown.delay",
          "shutdown.grace",
          "log.format",
          "log.level");

  @Test
  void theFileHoldsEveryKeyAndItsDefault() throws IOException {
    assertThat(SettingsLoader.load(NODE, Map.of()).settings())
        .isEqualTo(SettingsLoader.of(Map.of(), Map.of()).settings());

    Map<String, String> all =
        YamlFile.read("all", uncommented(Files.readString(NODE)), new Problems());
    assertThat(
            all.keySet().stream()
                .map(key -> key.replaceAll("\\[.*", ""))
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(KEYS);
  }

  @Test
  void noKeyOfTheFileIsUnknownOnceItIsUncommented() throws IOException {
    Map<String, String> all =
        YamlFile.read("all", uncommented(Files.readString(NODE)), new Problems());

    assertThat(SettingsLoader.of(all, Map.of()).settings()).isNotNull();
  }

  @Test
  void thePlatformsAreUnconfiguredUntilTheirVariablesAreSet() {
    SettingsLoader.Loaded bare = SettingsLoader.load(NODE, Map.of());

    assertThat(bare.settings().platforms().byName())
        .containsOnlyKeys("antigravity", "gemini", "anthropic", "openai");
    assertThat(bare.settings().platforms().all()).noneMatch(Platform::configured);
    assertThat(bare.warnings())
        .containsExactlyInAnyOrder(
            "platform antigravity is not configured:"
                + " set ANTIGRAVITY_CLIENT_ID, ANTIGRAVITY_CLIENT_SECRET",
            "platform gemini is not configured: set GEMINI_CLIENT_ID, GEMINI_CLIENT_SECRET",
            "platform anthropic is not configured: set ANTHROPIC_CLIENT_ID",
            "platform openai is not configured: set OPENAI_CLIENT_ID");

    SettingsLoader.Loaded set = SettingsLoader.load(NODE, CLIENTS);
    assertThat(set.settings().platforms().all()).allMatch(Platform::configured);
    assertThat(set.warnings()).isEmpty();
  }

  @Test
  void returningTheErrorIsAntigravitysChoiceAlone() {
    Platforms platforms = SettingsLoader.load(NODE, CLIENTS).settings().platforms();

    assertThat(platforms.all())
        .allSatisfy(
            platform ->
                assertThat(platform.refresh().onError() == OnError.RETURN)
                    .isEqualTo(platform.name().equals("antigravity")));
  }

  private static String uncommented(String yaml) {
    return yaml.replaceAll("(?m)^( *)# (\\w+:)( +#| *$)", "$1$2$3");
  }
}
