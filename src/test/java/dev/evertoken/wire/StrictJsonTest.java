package dev.evertoken.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  @Test
  void readsEveryKindOfValue() {
    String text =
        "{\"a\":[1,null,{\"b\":true}],\"c\":1.5,\"d\":\"\\ud83d\\ude00é\",\"e\":12345678901}";

    assertThat(StrictJson.object(Buffer.buffer(text))).isEqualTo(new JsonObject(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"text\"",
        "{",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":1e999}",
        "{\"a\":01}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "{\"a\":1} // comment",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\ude00\\ud83d\"}",
        "{\"\\u0000\":1}"
      })
  void refusesWhatIsNotOneWellFormedObject(String text) {
    assertThat(refusalOf(Buffer.buffer(text))).isEqualTo(ProblemCode.MALFORMED_REQUEST);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    Buffer latin = Buffer.buffer("{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
    Buffer wide = Buffer.buffer("{\"a\":1}".getBytes(StandardCharsets.UTF_16));
    Buffer overlong = Buffer.buffer("{\"a\":\"").appendBytes(new byte[] {(byte) 0xC0, (byte) 0xAF});

    assertThat(refusalOf(latin)).isEqualTo(ProblemCode.MALFORMED_REQUEST);
    assertThat(refusalOf(wide)).isEqualTo(ProblemCode.MALFORMED_REQUEST);
    assertThat(refusalOf(overlong.appendString("\"}"))).isEqualTo(ProblemCode.MALFORMED_REQUEST);
  }

  @Test
  void refusesDeepNestingAndEndlessNumbers() {
    String deep = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";

    assertThat(refusalOf(Buffer.buffer(deep))).isEqualTo(ProblemCode.MALFORMED_REQUEST);
    assertThat(refusalOf(Buffer.buffer("{\"a\":" + "9".repeat(5000) + "}")))
        .isEqualTo(ProblemCode.MALFORMED_REQUEST);
  }

  @Test
  void echoesNothingOfTheInput() {
    ProblemException refusal =
        catchThrowableOfType(
            ProblemException.class,
            () -> StrictJson.object(Buffer.buffer("{\"a\": canary-value}")));

    assertThat(ProblemJson.of(refusal.problem(), null).encode()).doesNotContain("canary");
  }

  @Property(tries = 200)
  void endsWithAnObjectOrARefusalWhateverComes(@ForAll byte[] bytes) {
    try {
      StrictJson.object(Buffer.buffer(bytes));
    } catch (ProblemException refusal) {
      assertThat(refusal.problem().code()).isEqualTo(ProblemCode.MALFORMED_REQUEST);
    }
  }

  private static ProblemCode refusalOf(Buffer bytes) {
    return catchThrowableOfType(ProblemException.class, () -> StrictJson.object(bytes))
        .problem()
        .code();
  }
}
