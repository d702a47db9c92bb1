package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.bus.Addresses;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class NoticesTest {

  @RegisterExtension private final Service service = SecretsRun.prepared(new Service());

  @Test
  @DisplayName("75 no secret is in a notice on the bus")
  void noSecretInANotice() {
    Queue<String> notices = new ConcurrentLinkedQueue<>();
    service
        .node(0)
        .vertx()
        .eventBus()
        .<Object>consumer(Addresses.NOTICES, notice -> notices.add(String.valueOf(notice.body())));
    SecretsRun run = new SecretsRun(service);

    run.live();

    for (String type : new String[] {"refreshed", "temp_unsched_set", "error", "deleted"}) {
      Await.until(
          type + " was told",
          () -> notices.stream().anyMatch(n -> type.equals(new JsonObject(n).getString("type"))),
          Duration.ofSeconds(20));
    }
    assertThat(notices).hasSizeGreaterThan(20);
    notices.forEach(notice -> run.canaries().assertNotIn("a notice", notice));
  }
}
