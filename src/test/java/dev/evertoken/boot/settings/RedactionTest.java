package dev.evertoken.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactionTest {

  @TempDir private Path folder;

  @Test
  void theEffectiveConfigurationShowsAddressesWithoutWhatIsSecret() {
    SettingsLoader.Loaded loaded =
        SettingsLoader.of(
            Map.of(
                "postgres.uri", "postgresql://user:canary-1@db:5432/e?sslpassword=canary-2&x=1",
                "redis.uri", "rediss://:canary-3@r:6379/0"),
            Map.of(
                "EVERTOKEN_ADMIN_KEY",
                "canary-4-".repeat(4),
                "EVERTOKEN_ENCRYPTION_KEYSET",
                "canary-5"));

    assertThat(loaded.effective().toString())
        .contains("postgres.uri=postgresql://***@db:5432/e?sslpassword=***&x=1")
        .contains("redis.uri=[rediss://***@r:6379/0]")
        .contains("http.port=8080")
        .doesNotContain("canary");
    assertThat(loaded.settings().toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://user:canary@db:port/e",
        "postgresql://user:canary@with@db:99999999/e x",
        "mysql://user:canary@db/e",
        "user:canary@db",
        "canary",
        "postgresql://db/e?password=canary b",
      })
  void anAddressThatIsNotAllowedIsToldWithoutItsPassword(String uri) {
    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class, () -> SettingsLoader.of(Map.of("postgres.uri", uri), Map.of()));

    assertThat(bad.problems()).singleElement().asString().startsWith("postgres.uri");
    assertThat(bad.problems().toString()).doesNotContain("canary");
  }

  @Test
  void whatAVariableStandsForIsNotTold() {
    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class,
            () -> SettingsLoader.of(Map.of("http.port", "${P}"), Map.of("P", "canary")));

    assertThat(bad.problems().toString()).contains("\"${P}\"").doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis:\n  uri: redis://:canary@r\n  uri: redis://:canary@s\n",
        "redis: {uri: redis://:canary@r\n",
        "redis:\n\turi: 'canary'\n",
        "a: &a [*a, canary]\n",
        "- canary\n",
        "canary",
        "a: !!java.net.URL canary",
      })
  void aFileThatCannotBeReadIsToldWithoutQuotingIt(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("evertoken.yaml"), text);

    BadSettings bad =
        catchThrowableOfType(BadSettings.class, () -> SettingsLoader.load(file, Map.of()));

    assertThat(bad.problems()).isNotEmpty();
    assertThat(bad.problems().toString()).doesNotContain("canary");
  }

  @Test
  void aRepeatedKeyIsToldWithItsPlace() throws IOException {
    Path file =
        Files.writeString(folder.resolve("evertoken.yaml"), "http:\n  port: 1\n  port: 2\n");

    BadSettings bad =
        catchThrowableOfType(BadSettings.class, () -> SettingsLoader.load(file, Map.of()));

    assertThat(bad.problems())
        .containsExactly(file + ": line 3, column 3: found duplicate key port");
  }
}
