package dev.evertoken.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.AnswerShape.Field;
import dev.evertoken.domain.AnswerShape.Mark;
import dev.evertoken.domain.AnswerShape.Unit;
import dev.evertoken.rig.PlatformDraft;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a template says about answers, and what the built-in list of refusals knows. */
final class TemplatesTest {

  private static final Map<Field, String> PLACES =
      Map.of(
          Field.ACCESS_TOKEN, "auth.0.key",
          Field.REFRESH_TOKEN, "auth.0.next",
          Field.EXPIRES_IN, "auth.0.ttl",
          Field.ERROR, "fault.name");

  @Test
  void tokensAreReadAtThePlacesOfTheTemplate() {
    Judgement judgement =
        judge(200, "{'auth':[{'key':'at','next':'rt','ttl':60}],'access_token':'other'}", null);

    assertThat(judgement)
        .isInstanceOfSatisfying(
            Judgement.Tokens.class,
            tokens -> {
              assertThat(tokens.accessToken()).isEqualTo(Secret.of("at"));
              assertThat(tokens.refreshToken()).isEqualTo(Secret.of("rt"));
              assertThat(tokens.lifetime()).isEqualTo(Duration.ofMinutes(1));
              assertThat(tokens.findings().oddities()).isEmpty();
            });
  }

  @Test
  void aTokenThatIsNotAtItsPlaceIsLookedForAndNamed() {
    Judgement judgement = judge(200, "{'access_token':'at','refresh_token':'rt'}", null);

    assertThat(judgement)
        .isInstanceOfSatisfying(
            Judgement.Tokens.class,
            tokens -> assertThat(tokens.findings().oddities()).containsExactly("tokens_elsewhere"));
  }

  @Test
  void theMarkOfSuccessAndThePlaceOfTheErrorAreTheTemplates() {
    Mark ok = new Mark("done", "true");

    assertThat(judge(200, "{'done':false}", ok)).isEqualTo(new Judgement.Refused(200, null));
    assertThat(judge(200, "{'done':true}", ok)).isInstanceOf(Judgement.Unreadable.class);
    assertThat(judge(200, "{'done':true,'fault':{'name':'revoked_token'}}", ok))
        .isEqualTo(new Judgement.Permanent("revoked_token", false));
    assertThat(judge(400, "{'fault':{'name':'weird'}}", null))
        .isEqualTo(new Judgement.Refused(400, "weird"));
  }

  @Test
  void aRefusalOfTheTemplateEndsAGrant() {
    assertThat(judge(403, "{'why':'Gone-17'}", null))
        .isEqualTo(new Judgement.Permanent("gone-17", false));
    assertThat(judge(400, "{'why':'gone-17'}", null)).isInstanceOf(Judgement.Refused.class);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | {'error':{'code':'app_session_terminated'}} | PERMANENT",
        "401 | {'error':{'code':'refresh_token_already_used'}} | PERMANENT",
        "400 | {'status':'BAD_REFRESH_TOKEN'} | PERMANENT",
        "400 | {'errors':[{'errorType':'x'},{'errorType':'invalid_grant'}]} | PERMANENT",
        "200 | {'ok':false,'error':'token_revoked'} | PERMANENT",
        "200 | {'ok':false,'error':'invalid_refresh_token'} | PERMANENT",
        "200 | {'ok':false,'error':'user_removed_from_team'} | PERMANENT",
        "200 | {'error':'invalid_code'} | PERMANENT",
        "400 | {'error':'invalidGrant'} | PERMANENT",
        "400 | {'error':'invalid_grant','suberror':'token_expired'} | PERMANENT",
        "400 | {'error':'interaction_required','error_codes':[50076]} | PERMANENT",
        "401 | {'error':'invalid_client','error_codes':[7000222]} | CONFIG",
        "400 | {'error':'x','error_codes':[50196]} | THROTTLED",
        "400 | {'error':{'code':190,'error_subcode':460}} | PERMANENT",
        "400 | {'error':{'code':17}} | THROTTLED",
        "400 | {'error':{'code':2}} | TRANSIENT",
        "400 | {'object':'error','code':'invalid_grant'} | PERMANENT",
        "403 | {'error':'unauthorized_client','error_description':'refresh_token is invalid'} | PERMANENT",
        "400 | {'error':'inactive_user'} | PERMANENT",
        "401 | {'error':'server_error','error_description':'access_denied'} | GENERIC",
        "401 | {'errors':[{'errorType':'invalid_token'}]} | GENERIC",
        "200 | {'ok':false,'error':'invalid_auth'} | GENERIC",
        "200 | {'ok':false,'error':'ratelimited'} | THROTTLED",
        "200 | {'ok':false,'error':'bad_client_secret'} | CONFIG",
        "200 | {'data':{'error_code':10010}} | PERMANENT",
        "400 | {'error':'forbidden'} | REFUSED",
        "401 | {'code':401,'message':'Unauthorized'} | REFUSED",
        "400 | {'type':'error','error':{'type':'invalid_request_error'}} | REFUSED",
      })
  void refusalsOfRealProvidersAreKnown(int status, String body, String meaning) {
    Judgement judgement = judge(status, body, null);

    assertThat(
            switch (judgement) {
              case Judgement.Permanent permanent -> permanent.generic() ? "GENERIC" : "PERMANENT";
              case Judgement.ProviderConfig config -> "CONFIG";
              case Judgement.Throttled throttled -> "THROTTLED";
              case Judgement.Transient failed -> "TRANSIENT";
              case Judgement.Refused refused -> "REFUSED";
              default -> judgement.toString();
            })
        .isEqualTo(meaning);
  }

  private static Judgement judge(int status, String body, @Nullable Mark ok) {
    AnswerShape shape =
        new AnswerShape(
            PLACES,
            ok,
            List.of(new AnswerShape.Refusal(403, "why", "gone-17")),
            Unit.AUTO,
            false,
            false);
    return Judge.judge(
        new ProviderAnswer(status, json(body), null, Secret.of("")),
        new PlatformDraft().answer(shape).platform());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(String body) {
    Object value = LenientJson.parse(body, 0).value();
    return (Map<String, Object>) (value instanceof Map<?, ?> map ? map : Map.of());
  }
}
