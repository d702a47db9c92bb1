package dev.evertoken.domain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.evertoken.domain.Judgement.Permanent;
import dev.evertoken.domain.Judgement.ProviderConfig;
import dev.evertoken.domain.Judgement.Throttled;
import dev.evertoken.domain.Judgement.Tokens;
import dev.evertoken.domain.Judgement.Transient;
import dev.evertoken.domain.Judgement.Unknown;
import dev.evertoken.rig.PlatformDraft;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each (status, body) means: the contract with the providers. */
final class JudgeTest {

  private static final Rotation NONE = new Rotation.None();
  private static final Rotation GRACE = new Rotation.Grace(Duration.ofSeconds(30));
  private static final Rotation STRICT = new Rotation.Strict();

  static Stream<Arguments> answers() {
    return Stream.of(
        arguments(200, "{'access_token':'at'}", Tokens.class),
        arguments(201, "{'access_token':'at','token_type':'BEARER'}", Tokens.class),
        arguments(200, "{'access_token':'at','scope':'less'}", Tokens.class),
        arguments(200, "{'access_token':'at','error':''}", Tokens.class),
        arguments(200, "{'access_token':'at','id_token':'rubbish','odd':[{}]}", Tokens.class),
        // GitHub answers errors with 200.
        arguments(200, "{'error':'bad_refresh_token'}", Permanent.class),
        arguments(200, "{'error':'incorrect_client_credentials'}", ProviderConfig.class),
        arguments(200, "{'error':'slow_down'}", Throttled.class),
        arguments(200, "{'error':'something_new'}", Transient.class),
        arguments(200, "{'access_token':'','error':'invalid_grant'}", Permanent.class),
        arguments(400, "{'error':'invalid_grant'}", Permanent.class),
        arguments(400, "{'error':'INVALID_GRANT','access_token':'at'}", Permanent.class),
        arguments(401, "{'error':'invalid_grant'}", Permanent.class),
        arguments(403, "{'error':'access_denied'}", Permanent.class),
        arguments(401, "{'error':{'code':'refresh_token_reused'}}", Permanent.class),
        arguments(400, "{'error':{'type':'invalid_grant','message':'m'}}", Permanent.class),
        arguments(400, "{'error':'interaction_required'}", Permanent.class),
        arguments(401, "{'error':'invalid_client'}", ProviderConfig.class),
        arguments(400, "{'error':'unauthorized_client'}", ProviderConfig.class),
        arguments(400, "{'error':'invalid_scope'}", ProviderConfig.class),
        arguments(400, "{'error':'unsupported_grant_type'}", ProviderConfig.class),
        arguments(301, null, ProviderConfig.class),
        arguments(307, "{'access_token':'at'}", ProviderConfig.class),
        arguments(400, "{'error':'invalid_request'}", Transient.class),
        arguments(400, "{'error':'temporarily_unavailable'}", Transient.class),
        arguments(400, "{'error':'invalid grant'}", Transient.class),
        arguments(400, "{'error':['invalid_grant']}", Transient.class),
        arguments(400, "{'message':'invalid_grant'}", Transient.class),
        arguments(400, null, Transient.class),
        arguments(401, null, Transient.class),
        arguments(403, "{}", Transient.class),
        arguments(404, null, Transient.class),
        arguments(408, "{'error':'invalid_grant'}", Transient.class),
        arguments(429, null, Throttled.class),
        arguments(429, "{'error':'invalid_grant'}", Throttled.class),
        arguments(403, "{'error':{'code':403,'status':'RESOURCE_EXHAUSTED'}}", Throttled.class),
        arguments(400, "{'error':'rate_limit_exceeded'}", Throttled.class),
        arguments(500, "{'error':'invalid_grant'}", Transient.class),
        arguments(500, null, Transient.class),
        arguments(503, "{'access_token':'at'}", Transient.class),
        arguments(520, null, Transient.class));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("answers")
  @DisplayName("17, 19, 20, 23: a status and a code mean the same whatever the rotation")
  void statusAndCodeSayWhatItMeans(
      int status, @Nullable String body, Class<? extends Judgement> meaning) {
    for (Rotation rotation : new Rotation[] {NONE, GRACE, STRICT}) {
      assertThat(judge(status, body, rotation)).isInstanceOf(meaning);
    }
  }

  static Stream<Arguments> openOutcomes() {
    return Stream.of(
        arguments(200, null),
        arguments(204, null),
        arguments(200, "{}"),
        arguments(200, "{'access_token':null}"),
        arguments(200, "{'access_token':''}"),
        arguments(200, "{'access_token':'  '}"),
        arguments(200, "{'access_token':17}"),
        arguments(200, "{'access_token':['at']}"),
        arguments(200, "{'access_token':'a\\r\\nX: y'}"),
        arguments(200, "{'access_token':'a\\u0000b'}"),
        arguments(200, "{'access_token':'a\\u007fb'}"),
        arguments(200, "{'access_token':'a\\u00fcb'}"),
        arguments(200, "{'access_token':'" + "x".repeat(16 * 1024 + 1) + "'}"),
        arguments(200, "{'access_token':'at','token_type':'mac'}"),
        arguments(200, "{'access_token':'at','token_type':7}"),
        arguments(502, null),
        arguments(504, "{'error':'invalid_grant'}"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("openOutcomes")
  @DisplayName("12, 14, 101: what leaves it open whether the refresh token was spent")
  void nothingUsableIsTransientOnlyWhereNothingRotates(int status, @Nullable String body) {
    assertThat(judge(status, body, NONE)).isInstanceOf(Transient.class);
    assertThat(judge(status, body, GRACE)).isInstanceOf(Unknown.class);
    assertThat(judge(status, body, STRICT)).isInstanceOf(Unknown.class);
  }

  @Test
  void aTokenOfSixteenKibibytesIsStillUsable() {
    assertThat(judge(200, "{'access_token':'" + "x".repeat(16 * 1024) + "'}", STRICT))
        .isInstanceOf(Tokens.class);
  }

  @Test
  @DisplayName("16: the next refresh token and the project come along")
  void tokensCarryWhatTheAnswerHolds() {
    Tokens tokens =
        tokens("{'access_token':'at','refresh_token':'rt2','expires_in':3600,'project_id':'p'}");

    assertThat(tokens.accessToken().reveal()).isEqualTo("at");
    assertThat(requireNonNull(tokens.refreshToken()).reveal()).isEqualTo("rt2");
    assertThat(tokens.lifetime()).isEqualTo(Duration.ofHours(1));
    assertThat(tokens.projectId()).isEqualTo("p");
    assertThat(tokens.warning()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'refresh_token':null", ",'refresh_token':' '"})
  @DisplayName("15: without a refresh token in the answer the old one stays")
  void withoutARefreshTokenTheOldOneStays(String field) {
    assertThat(tokens("{'access_token':'at'" + field + "}").refreshToken()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "3600,                3600,  false",
    "'''3600''',          3600,  false",
    "'''  299.9 ''',      299,   false",
    "3.6e3,               3600,  false",
    "86400,               86400, false",
    "null,                3600,  true",
    "'''soon''',          3600,  true",
    "'''''',              3600,  true",
    "'''NaN''',           3600,  true",
    "true,                3600,  true",
    "{},                  3600,  true",
    "0,                   0,     true",
    "-5,                  0,     true",
    "0.2,                 0,     true",
    "1e-300,              0,     true",
    "86401,               86400, true",
    "1e18,                86400, true",
    "99999999999999999999999999, 86400, true",
    "'''1e999''',         86400, true"
  })
  @DisplayName(
      "13: every form of expires_in gives a bounded lifetime, and a warning where it is odd")
  void expiresInIsReadOrBounded(String said, long seconds, boolean odd) {
    Tokens tokens = tokens("{'access_token':'at','expires_in':" + said + "}");

    assertThat(tokens.lifetime()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(tokens.warning() != null).isEqualTo(odd);
  }

  @Test
  @DisplayName("13: expires_in is missing")
  void withoutExpiresInThePlatformsDefaultCounts() {
    assertThat(tokens("{'access_token':'at'}").lifetime()).isEqualTo(Duration.ofHours(1));

    PlatformDraft never = new PlatformDraft().expiresInDefault(null);
    Tokens endless = (Tokens) Judge.judge(answer(200, "{'access_token':'at'}"), never.platform());
    assertThat(endless.lifetime()).isNull();
    assertThat(endless.warning()).isNull();

    PlatformDraft month = new PlatformDraft().expiresInDefault(Duration.ofDays(30));
    Tokens clamped =
        (Tokens)
            Judge.judge(
                answer(200, "{'access_token':'at','expires_in':99999999}"), month.platform());
    assertThat(clamped.lifetime()).isEqualTo(Duration.ofDays(30));
  }

  @ParameterizedTest
  @CsvSource({"30, 30", "1, 1", "0, 1", "-100, 1", "900, 900", "901, 900", "1000000000, 900"})
  @DisplayName("20: Retry-After is kept between a second and a quarter of an hour")
  void retryAfterIsClamped(long said, long meant) {
    ProviderAnswer answer = new ProviderAnswer(429, null, Duration.ofSeconds(said), Secret.of(""));

    assertThat(Judge.judge(answer, new PlatformDraft().platform()))
        .isEqualTo(new Throttled(Duration.ofSeconds(meant)));
  }

  @Test
  void withoutRetryAfterAMinuteCounts() {
    assertThat(judge(429, null, NONE)).isEqualTo(new Throttled(null));
  }

  @Test
  @DisplayName("24: what a provider echoes is not repeated as a code")
  void onlyNamesAreRepeated() {
    assertThat(judge(400, "{'error':'1//0gCanary-token_9'}", STRICT))
        .isEqualTo(new Transient("status 400", null, RouteFault.PAGE));
    assertThat(answer(200, "{'access_token':'canary'}").toString()).doesNotContain("canary");
  }

  private static Tokens tokens(String body) {
    return (Tokens) judge(200, body, STRICT);
  }

  private static Judgement judge(int status, @Nullable String body, Rotation rotation) {
    return Judge.judge(answer(status, body), new PlatformDraft().rotation(rotation).platform());
  }

  private static ProviderAnswer answer(int status, @Nullable String body) {
    String json = body == null ? "<html>invalid_grant</html>" : body.replace('\'', '"');
    return new ProviderAnswer(
        status, body == null ? null : new JsonObject(json).getMap(), null, Secret.of(json));
  }
}
