package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.SharedServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {

  private final String redis = SharedServers.freshRedis();

  @RegisterExtension
  private final Service service =
      SecretsRun.prepared(new Service()).with("redis.uri", redis).asProcess();

  @ParameterizedTest
  @ValueSource(strings = {"json", "text"})
  @DisplayName(
      "75, 90, 24 no secret is in a log at DEBUG, a problem, a metric, PostgreSQL, Redis or the"
          + " data folder")
  void leavesNoTrace(String format) {
    SecretsRun run = new SecretsRun(service);
    ServiceProcess process =
        service.process(
            plan ->
                plan.with("EVERTOKEN_LOG_FORMAT", format)
                    .with("EVERTOKEN_LIBRARIES_LOG_LEVEL", "DEBUG"));
    run.live();

    String postgres = Dumps.postgres(service.database());
    String cached = Dumps.redis(service.vertx(), redis);
    String files =
        Dumps.files(service.folder(), "keyset.json", "admin.key", "providers.yaml", "service.log");
    process.sigterm();
    assertThat(process.exitCode(Duration.ofSeconds(20))).isZero();

    assertThat(postgres).contains("table \"accounts\"").contains("account-f1");
    assertThat(cached).contains("key evertoken:");
    assertThat(process.log()).contains("refresh_ended").contains("DEBUG");
    run.canaries().assertNotIn("PostgreSQL", postgres);
    run.canaries().assertNotIn("Redis", cached);
    run.canaries().assertNotIn("the data folder", files);
    run.canaries().assertNotIn("the log", process.log());
    run.answers().forEach(answer -> run.canaries().assertNotIn("an answer", answer));
  }

  @Test
  @DisplayName("75 the canaries are found where they are: in a token answer")
  void theSearchFinds() {
    SecretsRun run = new SecretsRun(service);
    run.canaries().add("a token", "canary7token");

    assertThatThrownBy(() -> run.canaries().assertNotIn("an answer", "x canary7token-at-1"))
        .isInstanceOf(AssertionError.class);
    for (String padding : new String[] {"", "a", "ab"}) {
      String encoded =
          Base64.getEncoder()
              .encodeToString((padding + "canary7token-at").getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> run.canaries().assertNotIn("a dump", encoded))
          .isInstanceOf(AssertionError.class);
    }
  }
}
