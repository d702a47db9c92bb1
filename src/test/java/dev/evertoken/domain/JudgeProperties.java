package dev.evertoken.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.PlatformDraft;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** What holds for every answer, however odd. */
final class JudgeProperties {

  @Property
  void whatIsHandedOutFitsAHeaderAndEndsInTime(
      @ForAll @IntRange(max = 700) int status,
      @ForAll("bodies") Map<String, Object> body,
      @ForAll("rotations") Rotation rotation) {
    Judgement judgement = judge(status, body, null, rotation);

    if (judgement instanceof Judgement.Tokens tokens) {
      assertThat(status == 0 || status / 100 == 2).isTrue();
      assertThat(tokens.accessToken().reveal()).matches("[ -~]{1,65536}").isNotBlank();
      assertThat(tokens.lifetime()).isBetween(Duration.ZERO, Duration.ofDays(3653));
      assertThat(tokens.access().type()).matches("[ -~]{1,64}");
    }
  }

  @Property
  void aUsableTokenIsNeverMissed(
      @ForAll("bodies") Map<String, Object> body, @ForAll("rotations") Rotation rotation) {
    Map<String, Object> good = new HashMap<>(body);
    good.put("access_token", "at");
    good.put("token_type", "Bearer");
    good.remove("refresh_token");

    assertThat(judge(200, good, null, rotation)).isInstanceOf(Judgement.Tokens.class);
  }

  @Property
  void noServerErrorEndsAGrantOrBlamesTheClient(
      @ForAll @IntRange(min = 500, max = 599) int status,
      @ForAll("bodies") Map<String, Object> body,
      @ForAll("rotations") Rotation rotation) {
    assertThat(judge(status, body, null, rotation))
        .isInstanceOfAny(Judgement.Transient.class, Judgement.Unknown.class);
  }

  @Property
  void aSuccessorIsNeverMissed(
      @ForAll("bodies") Map<String, Object> body, @ForAll("rotations") Rotation rotation) {
    Map<String, Object> good = new HashMap<>(body);
    good.put("refresh_token", "rt");

    Judgement judgement = judge(200, good, null, rotation);

    assertThat(judgement).isInstanceOfAny(Judgement.Tokens.class, Judgement.Successor.class);
    if (judgement instanceof Judgement.Tokens tokens) {
      assertThat(tokens.refreshToken()).isEqualTo(Secret.of("rt"));
    }
  }

  @Property
  void whereNothingRotatesNoOutcomeIsUnknown(
      @ForAll @IntRange(max = 700) int status, @ForAll("bodies") Map<String, Object> body) {
    assertThat(judge(status, body, null, new Rotation.None()))
        .isNotInstanceOfAny(Judgement.Unknown.class, Judgement.Unreadable.class);
  }

  @Provide
  Arbitrary<Map<String, Object>> bodies() {
    Arbitrary<String> keys =
        Arbitraries.of(
            "access_token", "refresh_token", "token_type", "expires_in", "error", "project_id");
    return Arbitraries.maps(keys, values()).withoutEdgeCases();
  }

  @Provide
  Arbitrary<Rotation> rotations() {
    return Arbitraries.of(
        new Rotation.None(),
        new Rotation.Grace(Duration.ofSeconds(30)),
        new Rotation.UntilUsed(),
        new Rotation.Strict());
  }

  private static Arbitrary<Object> values() {
    Arbitrary<Object> plain =
        Arbitraries.oneOf(
            List.of(
                Arbitraries.strings().ofMaxLength(20).asGeneric(),
                Arbitraries.of("bearer", "Bearer", "mac", "invalid_grant", "slow_down", "", " ")
                    .asGeneric(),
                Arbitraries.doubles().asGeneric(),
                Arbitraries.bigIntegers().asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.of(true, false).asGeneric()));
    return Arbitraries.oneOf(
        List.of(
            plain,
            plain.list().ofMaxSize(2).asGeneric(),
            Arbitraries.maps(Arbitraries.of("code", "type", "status", "id"), plain).asGeneric()));
  }

  private static Judgement judge(
      int status, Map<String, Object> json, @Nullable Duration retryAfter, Rotation rotation) {
    return Judge.judge(
        new ProviderAnswer(status, json, retryAfter, Secret.of("")),
        new PlatformDraft().rotation(rotation).platform());
  }
}
