package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.boot.Operator.Said;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.ServiceProcess.Plan;
import dev.evertoken.scenario.Service;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The operator's commands about more than one account, against a running service. */
final class OperatorFleetTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension final Service service = new Service();

  @TempDir private Path folder;

  private String url;
  private Operator operator;

  @BeforeEach
  void talkToIt() {
    url = "http://127.0.0.1:" + service.node(0).httpPort();
    operator = Operator.of(url, Service.ADMIN_KEY);
  }

  @Test
  void poolsAndPlatformsAreShownAndAPoolIsSet() {
    service.account(family(), body -> body.put("pools", new JsonArray().add("fast")));

    Said set = operator.says("pools", "set", "fast", "--strategy", "round_robin");

    assertThat(set.field("strategy")).isEqualTo("round_robin");
    assertThat(set.field("counts.usable")).isEqualTo("1");
    assertThat(operator.says("pools", "show", "fast").field("strategy")).isEqualTo("round_robin");
    assertThat(operator.says("pools", "list").out()).contains("acme ", "fast ");
    assertThat(operator.says("pools", "show", "no/such").code()).isEqualTo(2);
    assertThat(operator.says("providers", "list").out()).contains("acme ", " up ");
    assertThat(operator.says("providers", "show", "acme").field("configured")).isEqualTo("yes");
    assertThat(operator.says("providers", "show", "nobody").code()).isEqualTo(3);
  }

  @Test
  void aProxyIsTestedAndTheExitCodeTellsWhetherItWorks() {
    service.account(family());
    try (FakeProxy proxy = FakeProxy.http("alice", "right")) {
      String address = "http://alice@127.0.0.1:" + proxy.port();
      String good =
          operator
              .saysWith("right", "proxies", "create", "good", address, "--password")
              .field("id");
      String bad =
          operator.saysWith("wrong", "proxies", "create", "bad", address, "--password").field("id");

      assertThat(operator.says("proxies", "test", good).code()).isZero();
      Said failed = operator.says("proxies", "test", bad);
      assertThat(failed.code()).isEqualTo(1);
      assertThat(failed.field("success")).isEqualTo("no");
    }
  }

  @Test
  void theAuditTellsWhoDidWhat() {
    String id = Long.toString(service.account(family()));
    operator.says("accounts", "bench", id, "--for", "90s", "--reason", "noise");

    // The audit is written a moment behind what it tells of.
    Await.until(
        "the bench is in the audit", () -> audit(id).anyMatch(line -> line.contains("noise")));

    assertThat(operator.says("audit", "--since", "soon").code()).isEqualTo(2);
    assertThat(operator.says("audit", "--until", "1h").lines()).hasSize(1);
  }

  private Stream<String> audit(String id) {
    return operator.says("audit", "--account", id, "--since", "1h").lines().stream();
  }

  @Test
  void eventsAreFollowedAsTheyHappen() {
    String id = Long.toString(service.account(family()));
    Plan plan =
        Plan.in(folder)
            .with("EVERTOKEN_URL", url)
            .with("EVERTOKEN_API_KEY", Service.ADMIN_KEY)
            .saying("events", "--type", "temp_unsched_set", "--account", id);
    try (ServiceProcess events = ServiceProcess.start(plan).awaitLine("Following", PATIENCE)) {
      operator.says("accounts", "unbench", id);
      operator.says("accounts", "bench", id, "--for", "90s", "--reason", "noise");

      events.awaitLine("temp_unsched_set  acme  manual .* noise  account " + id, PATIENCE);
      assertThat(events.log()).doesNotContain("temp_unsched_cleared");
    }
  }

  private NewFamily family() {
    return service.provider().newFamily();
  }
}
