package dev.evertoken.boot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.domain.AnswerShape;
import dev.evertoken.domain.BreakerPolicy;
import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Dialect;
import dev.evertoken.domain.Limits;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.ReportRule;
import dev.evertoken.domain.RequestForm;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenRules;
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
                new Dialect(
                    RequestForm.DEFAULT,
                    new AnswerShape(Map.of(), null, List.of(), AnswerShape.Unit.AUTO, false, true),
                    TokenRules.DEFAULT),
                List.of()));
  }

  @Test
  void everyKeyOfADialectIsRead() {
    Platform platform =
        platform(
            LEAST
                + """
                , scopes: [a], rotation: until_used, body_format: json
                , headers: {User-Agent: cli/1, X-Key: '${KEY}'}, refresh_url: https://idp/r
                , refresh_scope: send, basic_encoding: raw, expires_in_unit: ms
                , expires_in_zero: never, expires_in_default: 2h, old_access_token: dies
                , refresh_token_max_age: 365d, report_max: 31d
                , refresh: {on_lock_held: use_existing}
                , answer: {access_token: data.at, refresh_token: data.rt, expires_in: data.e
                ,          error: errors.0.code, ok: {at: ok, equals: true}}
                , permanent: [{status: 400, at: errors.0.errorType, equals: invalid_grant}]
                """,
            Map.of("KEY", "canary"));

    assertThat(platform.rotation()).isEqualTo(new Rotation.UntilUsed());
    assertThat(platform.refreshUrl()).isEqualTo(URI.create("https://idp/r"));
    assertThat(platform.requestForm())
        .isEqualTo(
            new RequestForm(
                RequestForm.BodyFormat.JSON,
                Map.of("User-Agent", Secret.of("cli/1"), "X-Key", Secret.of("canary")),
                URI.create("https://idp/r"),
                true,
                RequestForm.BasicEncoding.RAW));
    assertThat(platform.answerShape())
        .isEqualTo(
            new AnswerShape(
                Map.of(
                    AnswerShape.Field.ACCESS_TOKEN, "data.at",
                    AnswerShape.Field.REFRESH_TOKEN, "data.rt",
                    AnswerShape.Field.EXPIRES_IN, "data.e",
                    AnswerShape.Field.ERROR, "errors.0.code"),
                new AnswerShape.Mark("ok", "true"),
                List.of(new AnswerShape.Refusal(400, "errors.0.errorType", "invalid_grant")),
                AnswerShape.Unit.MS,
                true,
                false));
    assertThat(platform.tokenRules())
        .isEqualTo(
            new TokenRules(
                TokenRules.OldAccessToken.DIES,
                Duration.ofDays(365),
                TokenRules.OnLockHeld.USE_EXISTING,
                Duration.ofDays(31)));
    assertThat(platform(LEAST + ", rotation: {grace: 90d}", Map.of()).rotation())
        .isEqualTo(new Rotation.Grace(Duration.ofDays(90)));
  }

  @Test
  void aHeaderIsListedWithoutItsValue() {
    String file = file(LEAST + ", headers: {X-Key: canary}");

    assertThat(SettingsLoader.of(Map.of("providers_file", file), Map.of()).effective())
        .noneMatch(value -> value.toString().contains("canary"));
    assertThat(problems(LEAST + ", headers: {X-Key: \"can\\tary\"}"))
        .singleElement()
        .asString()
        .startsWith("providers.p.headers.X-Key: \"***\" is not allowed");
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
        "rotation: {grace: 91d} | providers.p.rotation.grace: \"91d\" is not allowed",
        "body_format: xml | providers.p.body_format: \"xml\" is not allowed; allowed: one of form,",
        "headers: {Host: x} | providers.p.headers.Host: is set by the service itself",
        "headers: {content-length: 1} | providers.p.headers.content-length: is set by the service",
        "headers: {AUTHORIZATION: x} | providers.p.headers.AUTHORIZATION: is set by the service",
        "headers: {'a b': x} | providers.p.headers: \"a b\" is not allowed",
        "headers: {X-A: 1, x-a: 2} | providers.p.headers.x-a: is there twice",
        "refresh_url: http://idp/x | providers.p.refresh_url: \"http://idp/x\" is not allowed",
        "refresh_scope: yes | providers.p.refresh_scope: \"yes\" is not allowed; allowed: one of send,",
        "refresh_scope: send | providers.p.refresh_scope: send needs scopes",
        "answer: {access_token: 'a b'} | providers.p.answer.access_token: \"a b\" is not allowed",
        "answer: {acess_token: a} | providers.p.answer.acess_token: unknown key; the nearest known"
            + " one is providers.p.answer.access_token",
        "answer: {ok: {at: ok}} | providers.p.answer.ok: is missing",
        "permanent: [{status: 400, at: a}] | providers.p.permanent[0]: is missing",
        "permanent: [{status: 500, at: a, equals: b}] | providers.p.permanent[0].status: \"500\"",
        "permanent: [{status: 429, at: a, equals: b}] | providers.p.permanent[0].status: \"429\"",
        "expires_in_unit: m | providers.p.expires_in_unit: \"m\" is not allowed",
        "expires_in_zero: 0 | providers.p.expires_in_zero: \"0\" is not allowed",
        "old_access_token: maybe | providers.p.old_access_token: \"maybe\" is not allowed",
        "refresh: {on_lock_held: fail} | providers.p.refresh.on_lock_held: \"fail\" is not allowed",
        "basic_encoding: utf8 | providers.p.basic_encoding: \"utf8\" is not allowed",
        "report_max: 32d | providers.p.report_max: \"32d\" is not allowed",
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
