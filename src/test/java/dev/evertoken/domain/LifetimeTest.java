package dev.evertoken.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.PlatformDraft;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long an access token and its refresh token live, by whatever an answer says. */
final class LifetimeTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final long EPOCH = NOW.getEpochSecond();

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        // Seconds from now.
        "'expires_in':3600 | 3600",
        "'expires_in':'3600' | 3600",
        "'expires_in':' 299.9 ' | 299",
        "'expires_in':3.6e3 | 3600",
        "'expires_in':86401 | 86401",
        "'expires_in':5184000 | 5184000",
        "'expires_in':7776000 | 7776000",
        "'expires_in':15552000 | 15552000",
        "'expiresIn':600 | 600",
        "'expires_in_sec':600 | 600",
        "'expires_at':600 | 600",
        "'expires':'600' | 600",
        "'.expires':600 | 600",
        // An absolute time.
        "'expires_in':NOW+600 | 600",
        "'expires_in':'NOW+600' | 600",
        "'expires_in':NOW+600000 | 600000",
        "'expires_in':MS+600000 | 600",
        "'expires_at':NOW+600 | 600",
        "'expires_at':'NOW+600' | 600",
        "'expires_at':MS+600000 | 600",
        "'expires_on':'NOW+600' | 600",
        "'expires':NOW+600 | 600",
        "'expiresAt':MS+600000 | 600",
        "'expiry_date':MS+600000 | 600",
        "'expires_at':'2026-06-01T12:10:00Z' | 600",
        "'expires_at':'2026-06-01T14:10:00+02:00' | 600",
        "'expires_at':'2026-06-01T12:10:00.123456Z' | 600",
        "'expires_at':'2026-06-01T12:10:00+0000' | 600",
        "'expires_at':'2026-06-01 12:10:00 UTC' | 600",
        "'.expires':'Mon, 01 Jun 2026 12:10:00 GMT' | 600",
        "'expires':'Monday, 01-Jun-26 12:10:00 GMT' | 600",
        "'expires':'Mon Jun  1 12:10:00 2026' | 600",
        "'expires_in':'2026-06-01T12:10:00Z' | 600",
        // The earliest of them all.
        "'expires_in':3600,'expires_at':NOW+600 | 600",
        "'expires_in':600,'expires_at':NOW+3600 | 600",
        "'expires_in':3600,'expires_on':'NOW+600' | 600",
        // Milliseconds.
        "'expires_in':3600000 | 3600",
        "'expires_in':3600000,'expires_in_sec':3600 | 3600",
        "'expires_in':'28800000' | 28800",
        "'expires_in':300000 | 300",
        "'expires_in':5184000000 | 5184000",
        "'expires_in':3599000,'expires_at':NOW+3599 | 3599",
        "'expires_in':600000,'expires_at':NOW+600000 | 600000",
        // Ended.
        "'expires_in':0 | 0",
        "'expires_in':-5 | 0",
        "'expires_in':0.2 | 0",
        "'expires_in':1e-300 | 0",
        "'expires_in':NOW-50 | 0",
        "'expires_at':NOW-50 | 0",
        // Nothing that can be read: the default.
        "'a':1 | 3600",
        "'expires_in':null | 3600",
        "'expires_in':'soon' | 3600",
        "'expires_in':'' | 3600",
        "'expires_in':'NaN' | 3600",
        "'expires_in':true | 3600",
        "'expires_in':{} | 3600",
        "'expires_in':1e18 | 3600",
        "'expires_in':99999999999999999999999999 | 3600",
        "'expires_in':'1e999' | 3600",
        "'expires_at':'yesterday' | 3600",
        // Without a zone nobody knows the hour: never more than the default.
        "'expires_at':'2026-06-01T20:00:00' | 3600",
        "'expires_at':'2026-06-01 12:10:00' | 600"
      })
  void theEarliestEndCounts(String members, long seconds) {
    assertThat(tokens(members).lifetime()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'a':1 | {'exp':NOW+600} | 600",
        "'expires_in':3600 | {'exp':NOW+600,'iat':NOW-3000} | 600",
        "'expires_in':3600 | {'exp':NOW+3600,'iat':NOW} | 3600",
        // The life of the whole, where the clocks differ.
        "'expires_in':7200 | {'exp':NOW+9000,'iat':NOW+8400} | 600",
        "'a':1 | {'exp':NOW+30,'iat':NOW-3570} | 30",
        "'a':1 | {'exp':MS+600000} | 600",
        "'expires_in':3599000 | {'exp':NOW+3599,'iat':NOW} | 3599",
        "'expires_in':600000 | {'exp':NOW+600000,'iat':NOW} | 600000",
        "'expires_in':3600 | {'exp':'x'} | 3600",
        "'expires_in':3600 | {} | 3600"
      })
  void aJwtTellsItsOwnEnd(String members, String claims, long seconds) {
    assertThat(tokens(members + ",'access_token':'" + jwt(claims) + "'").lifetime())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void absoluteTimesCountFromTheAnswersOwnClock() {
    Instant ahead = NOW.plusSeconds(7200);

    assertThat(tokens("'expires_at':NOW+7800", ahead, new PlatformDraft()).lifetime())
        .isEqualTo(Duration.ofMinutes(10));
    // A clock that is days away is no clock.
    assertThat(
            tokens("'expires_at':NOW+600", NOW.plusSeconds(90_000), new PlatformDraft()).lifetime())
        .isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void anAbsoluteEndThatIsNearAndContradictedNeedsAClock() {
    Judgement.Tokens unsure = tokens("'expires_in':3600,'expires_at':NOW-30");
    Judgement.Tokens sure =
        tokens("'expires_in':3600,'expires_at':NOW+30", NOW, new PlatformDraft());

    assertThat(unsure.lifetime()).isEqualTo(Duration.ofHours(1));
    assertThat(unsure.warning()).contains("contradicts");
    assertThat(sure.lifetime()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void zeroMeansNeverOnlyWhereTheTemplateSaysSo() {
    PlatformDraft never = shape(AnswerShape.Unit.AUTO, true);

    assertThat(tokens("'expires_in':0").lifetime()).isZero();
    assertThat(tokens("'expires_in':0", null, never).lifetime()).isNull();
    assertThat(tokens("'expires_in':'0'", null, never).lifetime()).isNull();
    assertThat(tokens("'expires_in':0,'expires_at':NOW+600", null, never).lifetime())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(tokens("'expires_in':-1", null, never).lifetime()).isZero();
  }

  @Test
  void theTemplateNamesTheUnit() {
    assertThat(tokens("'expires_in':3600000", null, shape(AnswerShape.Unit.S, false)).lifetime())
        .isEqualTo(Duration.ofHours(1000));
    assertThat(tokens("'expires_in':3599", null, shape(AnswerShape.Unit.MS, false)).lifetime())
        .isEqualTo(Duration.ofSeconds(3));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'refresh_token_expires_in':600 | 600",
        "'refresh_token_expires_in':630720000 | 630720000",
        "'refresh_expires_in':'600' | 600",
        "'x_refresh_token_expires_in':8726400 | 8726400",
        "'refreshTokenExpiresIn':600 | 600",
        "'refresh_token_expires_in':15552000000 | 15552000",
        "'refresh_token_expires_at':NOW+600 | 600",
        "'refresh_token_expires_at':MS+600000 | 600",
        "'refresh_token_expires_at':'2026-06-01T12:10:00Z' | 600",
        "'refresh_expires_in':900,'refresh_token_expires_at':NOW+600 | 600",
        "'refresh_expires_in':0 | -1",
        "'refresh_expires_in':'x' | -1",
        "'a':1 | -1"
      })
  void aRefreshTokenHasAnEndOfItsOwn(String members, long seconds) {
    Judgement.Tokens tokens = tokens(members + ",'expires_in':60,'refresh_token':'rt'");
    Instant end = seconds < 0 ? null : NOW.plusSeconds(seconds);

    assertThat(tokens.findings().refreshTokenExpiresAt()).isEqualTo(end);
    assertThat(tokens.next()).isNotNull();
    assertThat(tokens.next() == null ? null : tokens.next().expiresAt()).isEqualTo(end);
  }

  @Test
  void whatIsUnlikeTheTemplateIsNamed() {
    PlatformDraft none =
        new PlatformDraft()
            .rotation(new Rotation.None())
            .answer(new AnswerShape(Map.of(), null, List.of(), AnswerShape.Unit.AUTO, false, true));

    assertThat(tokens("'refresh_token':'rt','token_type':'bot'", null, none).findings().oddities())
        .containsExactly("rotates_though_none", "no_expires_in", "other_token_type");
    assertThat(tokens("'expires_in':3600000").findings().oddities())
        .containsExactly("expires_in_not_in_seconds");
    assertThat(tokens("'expires_in':3600,'refresh_token':'rt'").findings().oddities()).isEmpty();
  }

  private static PlatformDraft shape(AnswerShape.Unit unit, boolean zeroIsNever) {
    return new PlatformDraft()
        .answer(new AnswerShape(Map.of(), null, List.of(), unit, zeroIsNever, false));
  }

  private static Judgement.Tokens tokens(String members) {
    return tokens(members, null, new PlatformDraft());
  }

  private static Judgement.Tokens tokens(
      String members, @Nullable Instant date, PlatformDraft draft) {
    String token = members.contains("access_token") ? "" : "'access_token':'at',";
    ProviderAnswer answer =
        new ProviderAnswer(
            200, json("{" + token + members + "}"), true, null, date, NOW, Secret.of(""));
    return (Judgement.Tokens) Judge.judge(answer, draft.platform(), NOW);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(String text) {
    Object value = LenientJson.parse(times(text), 0).value();
    return (Map<String, Object>) (value instanceof Map<?, ?> map ? map : Map.of());
  }

  private static String times(String text) {
    return replaced(replaced(text, "NOW", EPOCH), "MS", EPOCH * 1000);
  }

  private static String replaced(String text, String name, long zero) {
    return java.util.regex.Pattern.compile(name + "([+-][0-9]+)?")
        .matcher(text)
        .replaceAll(
            found -> "" + (zero + (found.group(1) == null ? 0 : Long.parseLong(found.group(1)))));
  }

  private static String jwt(String claims) {
    return base64("{\"alg\":\"none\"}") + "." + base64(times(claims)) + ".c2ln";
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
