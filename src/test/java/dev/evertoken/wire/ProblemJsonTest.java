package dev.evertoken.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ProblemJsonTest {

  @ParameterizedTest
  @EnumSource(ProblemCode.class)
  void whatMayBeRetriedSaysWhenAndNothingElseDoes(ProblemCode code) {
    JsonObject json = ProblemJson.of(Problem.of(code, "x"), null);

    assertThat(json.containsKey("retry_after")).isEqualTo(json.getBoolean("retryable"));
    assertThat(ProblemJson.retryAfterSeconds(Problem.of(code, "x")))
        .isEqualTo(json.getLong("retry_after"));
  }

  @Test
  void aKnownWaitIsRoundedUp() {
    Problem problem =
        Problem.of(ProblemCode.RATE_LIMITED, "x").withRetryAfter(Duration.ofMillis(1001));

    assertThat(ProblemJson.retryAfterSeconds(problem)).isEqualTo(2);
  }
}
