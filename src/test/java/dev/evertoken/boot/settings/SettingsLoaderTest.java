package dev.evertoken.boot.settings;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsLoaderTest {

  @TempDir private Path folder;

  @Test
  void everyKeyHasTheDefaultOfTheContract() {
    Settings settings = SettingsLoader.of(Map.of(), Map.of()).settings();

    assertThat(settings.http()).isEqualTo(new Settings.Http("127.0.0.1", 8080, null));
    assertThat(settings.postgres()).isEqualTo(new Settings.Postgres(null, 8));
    assertThat(settings.redis())
        .isEqualTo(new Settings.Redis(List.of(), Settings.Redis.Mode.STANDALONE));
    assertThat(settings.dataDir()).isEqualTo(Path.of("data"));
    assertThat(settings.cluster())
        .isEqualTo(
            new Settings.Cluster(
                false, Path.of("conf/hazelcast.yaml"), "127.0.0.1", 0, null, 0, null, false));
    assertThat(settings.encryption()).isEqualTo(new Settings.Encryption(null, null));
    assertThat(settings.refresh())
        .isEqualTo(new Settings.Refresh(true, ofMinutes(5), 3, ofSeconds(2), ofSeconds(30)));
    assertThat(settings.tempUnschedDuration()).isEqualTo(ofMinutes(10));
    assertThat(settings.pool()).isEqualTo(new Settings.PoolPolicy(ofSeconds(2), 3));
    assertThat(settings.nearCache())
        .isEqualTo(new Settings.NearCache(ofSeconds(10), ofMinutes(5), 100_000));
    assertThat(settings.egress().caFile()).isNull();
    assertThat(settings.egress().deny())
        .hasToString(
            "[169.254.0.0/16, fe80:0:0:0:0:0:0:0/10, 100.100.100.200/32, 168.63.129.16/32,"
                + " 192.0.0.192/32, fd00:ec2:0:0:0:0:0:254/128, fd20:ce:0:0:0:0:0:254/128]");
    assertThat(settings.dnsServers()).isEmpty();
    assertThat(settings.busRequireKey()).isFalse();
    assertThat(settings.shutdown()).isEqualTo(new Settings.Shutdown(ofSeconds(0), ofSeconds(15)));
    assertThat(settings.log())
        .isEqualTo(new Settings.Log(Settings.Log.Format.AUTO, Settings.Log.Level.INFO));
  }

  @Test
  void aKeyOfTheEnvironmentOverridesTheFile() throws IOException {
    Path file = yaml("http:\n  port: 1\n  host: localhost\n");

    Settings settings =
        SettingsLoader.load(
                file,
                Map.of(
                    "EVERTOKEN_HTTP_PORT", "0",
                    "EVERTOKEN_CACHE_NEAR_MAX_AGE", "250ms",
                    "EVERTOKEN_EGRESS_DENY", "10.0.0.0/8, ::1"))
            .settings();

    assertThat(settings.http().port()).isZero();
    assertThat(settings.http().host()).isEqualTo("localhost");
    assertThat(settings.nearCache().maxAge()).isEqualTo(ofMillis(250));
    assertThat(settings.egress().deny()).hasToString("[10.0.0.0/8, 0:0:0:0:0:0:0:1/128]");
  }

  @Test
  void aBlankVariableOverridesNothing() {
    assertThat(
            SettingsLoader.of(Map.of("http.port", "1"), Map.of("EVERTOKEN_HTTP_PORT", " "))
                .settings()
                .http()
                .port())
        .isEqualTo(1);
  }

  @Test
  void aVariableStandsInAnyValue() throws IOException {
    Path file =
        yaml(
            """
            postgres.uri: postgresql://u:${PG_PASSWORD}@db:5432/e
            http: {port: "${PORT}"}
            redis: {uri: ['redis://:$${x}@r:1']}
            """
                .replace("$${x}", "p%24"));

    Settings settings =
        SettingsLoader.load(file, Map.of("PG_PASSWORD", "pw-1", "PORT", "7")).settings();

    assertThat(settings.http().port()).isEqualTo(7);
    assertThat(settings.postgres().uri()).isEqualTo(Secret.of("postgresql://u:pw-1@db:5432/e"));
    assertThat(settings.redis().uris()).containsExactly(Secret.of("redis://:p%24@r:1"));
  }

  @Test
  void aVariableThatIsNotSetIsAProblem() {
    assertThat(problems(Map.of("http.host", "${NO_SUCH}")))
        .containsExactly("http.host: the variable NO_SUCH is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "http.port, 65536, 'an integer, 0 to 65535'",
    "http.port, -1, 'an integer, 0 to 65535'",
    "http.port, 8080x, 'an integer, 0 to 65535'",
    "http.host, a b, a host name or address",
    "postgres.pool_size, 1, 'an integer, 2 to 1000'",
    "redis.mode, Cluster, 'one of standalone, sentinel, cluster'",
    "cluster.enabled, maybe, true or false",
    "refresh.scan_interval, 5, 'a duration such as 250ms, 8s, 10m, 1h or 90d, from 100ms to 24h'",
    "refresh.scan_interval, 0s, 'a duration such as 250ms, 8s, 10m, 1h or 90d, from 100ms to 24h'",
    "pool.switch_after, -2s, 'a duration such as 250ms, 8s, 10m, 1h or 90d, from 1ms to 30s'",
    "egress.deny, 10.0.0.1/8, an address range such as 169.254.0.0/16",
    "dns.servers, 10.0.0.999, 'an address such as 10.0.0.53, with or without a port'",
    "dns.servers, resolver.example, 'an address such as 10.0.0.53, with or without a port'",
    "http.tls.certificate, /no/such/file, a readable file",
    "log.level, loud, 'one of error, warn, info, debug, trace'",
    "proxy_test_url, http://example.com/, "
        + "'an https URL without user and fragment (http only to loopback)'",
  })
  void aValueThatIsNotAllowedIsToldWithKeyValueAndWhatIs(String key, String value, String allowed) {
    assertThat(problems(Map.of(key, value)))
        .contains("%s: \"%s\" is not allowed; allowed: %s".formatted(key, value, allowed));
  }

  @ParameterizedTest
  @CsvSource({
    "http.prot, http.port",
    "htp.port, http.port",
    "cache.near.max_agee, cache.near.max_age",
    "pool_size, postgres.pool_size",
    "http.port.number, http.port",
    "egress.denny[0], egress.deny",
  })
  void anUnknownKeyNamesTheNearestKnownOne(String key, String nearest) {
    assertThat(problems(Map.of(key, "1")))
        .containsExactly("%s: unknown key; the nearest known one is %s".formatted(key, nearest));
  }

  @Test
  void aValueWhereKeysBelongIsAProblem() {
    assertThat(problems(Map.of("http", "8080")))
        .containsExactly("http: must be a mapping, with keys of its own");
  }

  @Test
  void everyProblemIsToldAtOnce() throws IOException {
    Path providers = folder.resolve("providers.yaml");
    Files.writeString(providers, "providers: {a: {token_url: 'ftp://x'}}");
    Map<String, String> values = new HashMap<>();
    values.put("http.port", "x");
    values.put("htpp.port", "1");
    values.put("refresh.retry_backoff", "40s");
    values.put("providers_file", providers.toString());

    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class,
            () -> SettingsLoader.of(values, Map.of("EVERTOKEN_ADMIN_KEY", "short-canary")));

    assertThat(bad.problems())
        .hasSize(6)
        .anyMatch(line -> line.startsWith("http.port: \"x\""))
        .anyMatch(line -> line.startsWith("htpp.port: unknown key"))
        .anyMatch(line -> line.startsWith("refresh.retry_backoff: must be shorter"))
        .anyMatch(line -> line.startsWith("providers.a.token_url: \"ftp://x\""))
        .anyMatch(line -> line.startsWith("providers.a.client_id: is missing"))
        .anyMatch(line -> line.startsWith("EVERTOKEN_ADMIN_KEY: \"***\" is not allowed"))
        .noneMatch(line -> line.contains("canary"));
  }

  @Test
  void namesTheVariableWhoseValueIsNotAllowed() {
    BadSettings bad =
        catchThrowableOfType(
            BadSettings.class,
            () -> SettingsLoader.of(Map.of(), Map.of("EVERTOKEN_HTTP_PORT", "x")));

    assertThat(bad.problems().getFirst()).startsWith("http.port (EVERTOKEN_HTTP_PORT): \"x\"");
  }

  @Test
  void warnsOfAVariableThatIsAlmostAKnownOne() {
    List<String> warnings =
        SettingsLoader.of(
                Map.of(), Map.of("EVERTOKEN_HTTP_PROT", "1", "EVERTOKEN_SERVICE_HOST", "10.0.0.1"))
            .warnings();

    assertThat(warnings)
        .contains("EVERTOKEN_HTTP_PROT is unknown; is it EVERTOKEN_HTTP_PORT?")
        .noneMatch(line -> line.contains("SERVICE_HOST"));
  }

  @Test
  void warnsOfPlainHttpOffLoopback() {
    assertThat(SettingsLoader.of(Map.of("http.host", "0.0.0.0"), Map.of()).warnings())
        .anyMatch(line -> line.contains("in the clear"));
    assertThat(SettingsLoader.of(Map.of(), Map.of()).warnings())
        .noneMatch(line -> line.contains("in the clear"));
  }

  private List<String> problems(Map<String, String> values) {
    return catchThrowableOfType(BadSettings.class, () -> SettingsLoader.of(values, Map.of()))
        .problems();
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("evertoken.yaml"), text);
  }
}
