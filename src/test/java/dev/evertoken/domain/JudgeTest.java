package dev.evertoken.domain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.evertoken.domain.Judgement.Permanent;
import dev.evertoken.domain.Judgement.ProviderConfig;
import dev.evertoken.domain.Judgement.Refused;
import dev.evertoken.domain.Judgement.Successor;
import dev.evertoken.domain.Judgement.Throttled;
import dev.evertoken.domain.Judgement.Tokens;
import dev.evertoken.domain.Judgement.Transient;
import dev.evertoken.domain.Judgement.Unknown;
import dev.evertoken.domain.Judgement.Unreadable;
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
  private static final Rotation UNTIL_USED = new Rotation.UntilUsed();
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
        arguments(301, null, Transient.class),
        arguments(307, "{'access_token':'at'}", Transient.class),
        arguments(302, "{'error':'invalid_grant'}", Transient.class),
        arguments(400, "{'error':'invalid_request'}", Refused.class),
        arguments(400, "{'error':'temporarily_unavailable'}", Transient.class),
        arguments(403, "{'error':'server_error'}", Transient.class),
        arguments(400, "{'error':'invalid grant'}", Refused.class),
        arguments(400, "{'error':['invalid_grant']}", Refused.class),
        arguments(400, "{'message':'invalid_grant'}", Refused.class),
        arguments(401, "{'error':'unauthorized'}", Refused.class),
        arguments(403, "{'message':'Forbidden'}", Refused.class),
        arguments(403, "{}", Refused.class),
        arguments(400, null, Transient.class),
        arguments(401, null, Transient.class),
        arguments(404, null, Transient.class),
        arguments(408, "{'error':'invalid_grant'}", Transient.class),
        arguments(425, "{'error':'invalid_grant'}", Transient.class),
        arguments(429, null, Throttled.class),
        arguments(429, "{'error':'invalid_grant'}", Throttled.class),
        arguments(403, "{'error':{'code':403,'status':'RESOURCE_EXHAUSTED'}}", Throttled.class),
        arguments(400, "{'error':'rate_limit_exceeded'}", Throttled.class),
        arguments(400, "{'error':'slow_down'}", Throttled.class),
        arguments(500, "{'error':'invalid_grant'}", Transient.class),
        arguments(500, null, Transient.class),
        arguments(503, "{'access_token':'at'}", Transient.class),
        arguments(520, null, Transient.class),
        // A 2xx that says by its structure that it failed, and has no word that anybody knows.
        arguments(200, "{'error':'something_new'}", Refused.class),
        arguments(200, "{'ok':false}", Refused.class),
        arguments(200, "{'success':'false','message':'m'}", Refused.class),
        arguments(200, "{'errcode':40001,'errmsg':'m'}", Refused.class),
        arguments(200, "{'code':50013,'data':{}}", Refused.class),
        arguments(200, "{'status':'error'}", Refused.class),
        arguments(200, "{'data':{'error_code':77}}", Refused.class),
        arguments(200, "{'error':'temporarily_unavailable'}", Transient.class),
        // Tokens go before the error beside them.
        arguments(200, "{'ok':false,'access_token':'at'}", Tokens.class),
        arguments(200, "{'error':'invalid_grant','access_token':'at'}", Tokens.class),
        arguments(200, "{'code':1,'data':{'accessToken':'at','expiresIn':60}}", Tokens.class),
        arguments(200, "{'access_token':'at','token_type':'bot'}", Tokens.class),
        arguments(200, "{'access_token':'at','token_type':7}", Tokens.class),
        arguments(200, "{'access_token':null,'refresh_token':'rt'}", Successor.class),
        arguments(200, "{'error':'invalid_grant','refresh_token':'rt'}", Successor.class),
        arguments(200, "{'access_token':'a\\nb','refresh_token':'rt'}", Successor.class),
        arguments(
            200,
            "{'access_token':'at','token_type':'DPoP','refresh_token':'rt'}",
            Successor.class));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("answers")
  @DisplayName("17, 19, 20, 23: a status and a code mean the same whatever the rotation")
  void statusAndCodeSayWhatItMeans(
      int status, @Nullable String body, Class<? extends Judgement> meaning) {
    for (Rotation rotation : new Rotation[] {NONE, GRACE, UNTIL_USED, STRICT}) {
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
        arguments(200, "{'access_token':'" + "x".repeat(64 * 1024 + 1) + "'}"),
        arguments(200, "{'access_token':'at','token_type':'dpop'}"),
        arguments(200, "{'code':200,'message':'ok'}"),
        arguments(200, "{'status':'success'}"),
        arguments(200, "{'error':'odd','new_token':'at'}"),
        arguments(200, "{'error':'invalid_grant','tokens':[{'v':'at'}]}"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("openOutcomes")
  @DisplayName("12, 14, 101: what leaves it open whether the refresh token was spent")
  void nothingUsableIsTransientOnlyWhereNothingRotates(int status, @Nullable String body) {
    assertThat(judge(status, body, NONE)).isInstanceOf(Transient.class);
    assertThat(judge(status, body, GRACE)).isInstanceOf(Unreadable.class);
    assertThat(judge(status, body, UNTIL_USED)).isInstanceOf(Unreadable.class);
    assertThat(judge(status, body, STRICT)).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 504})
  void aGatewayMayHaveLostAnAnswerWhereSomethingRotates(int status) {
    assertThat(judge(status, "{'error':'invalid_grant'}", NONE))
        .isEqualTo(new Transient("status " + status, null, RouteFault.STATUS));
    assertThat(judge(status, null, GRACE)).isInstanceOf(Unknown.class);
    assertThat(judge(status, null, STRICT)).isInstanceOf(Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_denied", "invalid_token", "token_expired", "EXPIRED_TOKEN"})
  void aGenericWordIsMarkedAsOne(String word) {
    assertThat(judge(400, "{'error':'" + word + "'}", STRICT))
        .isEqualTo(new Permanent(word.toLowerCase(java.util.Locale.ROOT), true));
  }

  @Test
  void aTokenOfSixtyFourKibibytesIsStillUsable() {
    assertThat(judge(200, "{'access_token':'" + "x".repeat(64 * 1024) + "'}", STRICT))
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

  @Test
  @DisplayName("13: expires_in is missing")
  void withoutExpiresInThePlatformsDefaultCounts() {
    assertThat(tokens("{'access_token':'at'}").lifetime()).isEqualTo(Duration.ofHours(1));

    PlatformDraft never = new PlatformDraft().expiresInDefault(null);
    Tokens endless = (Tokens) Judge.judge(answer(200, "{'access_token':'at'}"), never.platform());
    assertThat(endless.lifetime()).isNull();
    assertThat(endless.warning()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"30", "0", "-100", "1000000000"})
  @DisplayName("20: Retry-After is handed on as it was said")
  void retryAfterIsHandedOn(long said) {
    Duration wait = Duration.ofSeconds(said);
    Platform platform = new PlatformDraft().platform();

    assertThat(Judge.judge(new ProviderAnswer(429, null, wait, Secret.of("")), platform))
        .isEqualTo(new Throttled(wait));
    assertThat(Judge.judge(new ProviderAnswer(503, null, wait, Secret.of("")), platform))
        .isEqualTo(new Transient("status 503", wait, RouteFault.STATUS));
  }

  @Test
  void withoutRetryAfterNoneIsMadeUp() {
    assertThat(judge(429, null, NONE)).isEqualTo(new Throttled(null));
  }

  @Test
  @DisplayName("24: what a provider echoes is not repeated as a code")
  void onlyNamesAreRepeated() {
    assertThat(judge(400, "{'error':'1//0gCanary-token_9'}", STRICT))
        .isEqualTo(new Refused(400, null));
    assertThat(judge(400, "{'error':'gho_16C7e42F292c6912E7710c838347Ae178B4a'}", STRICT))
        .isEqualTo(new Refused(400, null));
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
