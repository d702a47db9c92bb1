package dev.evertoken.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.domain.BreakerPolicy;
import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Limits;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.ReportRule;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProviderReaderTest {

  private static final String LEAST = "token_url: https://idp/token, client_id: c";

  @TempDir private Path folder;

  @Test
  void everyKeyButTwoHasADefault() {
    Platform platform = platform(LEAST, Map.of());

    assertThat(platform)
        .isEqualTo(
            new Platform(
                "p",
                URI.create("https://idp/token"),
                null,
                null,
                "c",
                List.of(),
                ClientAuth.POST,
                List.of(),
                true,
                Map.of(),
                Duration.ofHours(1),
                new Rotation.Strict(),
                Duration.ZERO,
                RefreshPolicy.DEFAULT,
                Limits.DEFAULT,
                BreakerPolicy.DEFAULT,
                List.of(),
                null,
                List.of()));
  }

  @Test
  void everyKeyIsRead() {
    Platform platform =
        platform(
            LEAST
                + """
                , client_secrets: [new, old], client_auth: basic, pkce: none, scopes: [a, b]
                , extra_token_params: {audience: x}, expires_in_default: never
                , rotation: {grace: 30s}, refresh_token_idle: 15h
                , refresh: {window: 10s, skew: 2s}, limits: {per_second: 0.5}
                , rules: [{status: 429, keywords: [quota], minutes: 30}, {status: 500, minutes: 1}]
                , project: {load_urls: ['http://127.0.0.1:1/l'], cooldown: 1s}
                """,
            Map.of());

    assertThat(platform.clientSecrets()).containsExactly(Secret.of("new"), Secret.of("old"));
    assertThat(platform.clientAuth()).isEqualTo(ClientAuth.BASIC);
    assertThat(platform.pkce()).isFalse();
    assertThat(platform.scopes()).containsExactly("a", "b");
    assertThat(platform.extraTokenParams()).containsEntry("audience", "x");
    assertThat(platform.expiresInDefault()).isNull();
    assertThat(platform.rotation()).isEqualTo(new Rotation.Grace(Duration.ofSeconds(30)));
    assertThat(platform.refreshTokenIdle()).isEqualTo(Duration.ofHours(15));
    assertThat(platform.refresh().window()).isEqualTo(Duration.ofSeconds(10));
    assertThat(platform.limits()).isEqualTo(new Limits(4, 0.5));
    assertThat(platform.rules())
        .containsExactly(
            new ReportRule(429, List.of("quota"), Duration.ofMinutes(30)),
            new ReportRule(500, List.of(), Duration.ofMinutes(1)));
    assertThat(platform.project()).isNotNull();
  }

  @Test
  void aPlatformWhoseVariableIsUnsetIsLoadedUnconfigured() {
    Platform platform =
        platform(
            "token_url: 'https://${HOST}/t', client_id: '${ID}', client_secret: '${SECRET}'",
            Map.of("HOST", "idp", "SECRET", " "));

    assertThat(platform.configured()).isFalse();
    assertThat(platform.missingVariables()).containsExactly("ID", "SECRET");
    assertThat(platform.tokenUrl()).isEqualTo(URI.create("https://idp/t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://idp.example/token",
        "https://user@idp/token",
        "https://idp/token#f",
        "https://user:canary@my_idp/token",
        "https://my_idp:99999/token",
        "https://2130706433/token",
        "http://localhost.example/token",
        "http://127.0.0.1.example/token",
        "file:///etc/passwd",
        "//idp/token",
        "idp",
      })
  void aTokenUrlIsHttpsExceptToLoopback(String url) {
    assertThat(problems("token_url: '" + url + "', client_id: c"))
        .singleElement()
        .asString()
        .startsWith("providers.p.token_url: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:9/t",
        "http://[::1]:9/t",
        "http://localhost/t",
        "https://idp",
        "https://my_idp.internal_net:8443/t"
      })
  void aTokenUrlMayBePlainToLoopback(String url) {
    assertThat(platform("token_url: '" + url + "', client_id: c", Map.of()).tokenUrl())
        .isEqualTo(URI.create(url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "refresh: {skew: 15m} | providers.p.refresh.skew: must be shorter than window",
        "refresh: {connect_timeout: 11s}"
            + " | providers.p.refresh.connect_timeout: must not be longer than total_timeout",
        "refresh: {tls_timeout: 11s}"
            + " | providers.p.refresh.tls_timeout: must not be longer than total_timeout",
        "breaker: {reset_timeout: 999ms} | providers.p.breaker.reset_timeout: \"999ms\" is not",
        "refresh: {request_timeout: 0s} | providers.p.refresh.request_timeout: \"0s\" is not",
        "refresh: {on_eror: return} | providers.p.refresh.on_eror: unknown key; the nearest known"
            + " one is providers.p.refresh.on_error",
        "client_auth: basic | providers.p.client_auth: basic needs client_secret",
        "client_secret: a, client_secrets: [b] | providers.p.client_secrets: not beside",
        "extra_token_params: {client_id: x} | providers.p.extra_token_params.client_id: is set",
        "rotation: sometimes | providers.p.rotation: \"sometimes\" is not allowed",
        "rotation: {grace: 0s} | providers.p.rotation.grace: \"0s\" is not allowed",
        "rules: [{status: 429}] | providers.p.rules[0]: is missing",
        "rules: [{status: 42, minutes: 1}] | providers.p.rules[0].status: \"42\" is not allowed",
        "scopes: ['a b'] | providers.p.scopes[0]: \"a b\" is not allowed",
        "limits: {per_second: NaN} | providers.p.limits.per_second: \"NaN\" is not allowed",
        "project: {cooldown: 5m} | providers.p.project.load_urls: is missing",
      })
  void whatDoesNotFitTogetherIsAProblem(String yaml, String problem) {
    assertThat(problems(LEAST + ", " + yaml)).singleElement().asString().startsWith(problem);
  }

  @Test
  void tellsNoClientSecret() {
    assertThat(
            problems(
                LEAST + ", client_auth: none, client_secret: canary, client_secrets: [canary]"))
        .hasSize(2)
        .noneMatch(line -> line.contains("canary"));
  }

  private Platform platform(String yaml, Map<String, String> environment) {
    return SettingsLoader.of(Map.of("providers_file", file(yaml)), environment)
        .settings()
        .platforms()
        .find("p")
        .orElseThrow();
  }

  private List<String> problems(String yaml) {
    return catchThrowableOfType(
            BadSettings.class,
            () -> SettingsLoader.of(Map.of("providers_file", file(yaml)), Map.of()))
        .problems();
  }

  private String file(String yaml) {
    try {
      return Files.writeString(folder.resolve("providers.yaml"), "providers: {p: {" + yaml + "}}")
          .toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
