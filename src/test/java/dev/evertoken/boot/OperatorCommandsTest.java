package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.boot.Operator.Said;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.scenario.Service;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The operator's commands against a running service. */
final class OperatorCommandsTest {

  @RegisterExtension final Service service = new Service();

  private Operator operator;

  @BeforeEach
  void talkToIt() {
    operator = Operator.of("http://127.0.0.1:" + service.node(0).httpPort(), Service.ADMIN_KEY);
  }

  @Test
  void anAccountIsMadeChangedAndDeletedAndItsSecretIsNeverShown() {
    NewFamily family = family();

    Said made =
        operator.saysWith(
            family.refreshToken() + "\n",
            ("accounts create blue --platform acme --pool fast --priority 10"
                    + " --email blue@example.org --paused")
                .split(" "));
    String id = made.field("id");

    assertThat(made.code()).isZero();
    assertThat(made.field("paused")).isEqualTo("yes");
    assertThat(made.field("pools")).isEqualTo("fast");
    assertThat(made.field("credentials.refresh_token")).isEqualTo("yes");
    assertThat(operator.says("accounts", "resume", id).field("paused")).isEqualTo("no");
    assertThat(operator.says("accounts", "pause", id).field("paused")).isEqualTo("yes");
    Said edited =
        operator.says(
            "accounts", "edit", id, "--name", "red", "--pool", "none", "--status", "disabled");
    assertThat(edited.field("name")).isEqualTo("red");
    assertThat(edited.field("pools")).isEqualTo("-");
    assertThat(edited.field("status")).isEqualTo("disabled");
    assertThat(edited.field("priority")).isEqualTo("10");
    assertThat(operator.says("accounts", "delete", id).out()).contains("is deleted");
    assertThat(operator.says("accounts", "show", id).code()).isEqualTo(3);
    assertThat(made.out() + made.err() + edited.out()).doesNotContain(family.refreshToken());
  }

  @Test
  void aTokenGoesToStandardOutputAloneAndAForcedRefreshChangesIt() {
    NewFamily family = family();
    String id = Long.toString(service.account(family));

    Said first = operator.says("token", id);
    Said refreshed = operator.says("accounts", "refresh", id);
    Said second = operator.says("token", "--pool", "acme", "--json");

    assertThat(first.lines()).singleElement().asString().isNotBlank();
    assertThat(refreshed.field("last_refresh.trigger")).isEqualTo("operator");
    assertThat(second.json().getString("access_token"))
        .isNotEqualTo(first.lines().getFirst())
        .isNotBlank();
    assertThat(operator.says("token", id).lines())
        .containsExactly(second.json().getString("access_token"));
  }

  @Test
  void severalAreRefreshedInOneCallAndTheExitCodeTellsThatOneFailed() {
    long good = service.account(family());
    long bad = service.staticAccount("key");

    Said both = operator.says("accounts", "refresh", Long.toString(good), Long.toString(bad));

    assertThat(both.code()).isEqualTo(1);
    assertThat(both.lines().get(1)).startsWith(good + " ").contains("succeeded");
    assertThat(both.lines().get(2)).startsWith(bad + " ").contains("failed");
  }

  @Test
  void anAccountIsBenchedUnbenchedAndWhySaysSo() {
    String id = Long.toString(service.account(family(), Duration.ofHours(1)));

    Said benched = operator.says("accounts", "bench", id, "--for", "10m", "--reason", "too loud");
    Said why = operator.says("accounts", "why", id);
    Said machine = operator.says("accounts", "why", id, "--json");
    Said list = operator.says("accounts", "list", "--no-schedulable");
    Said unbenched = operator.says("accounts", "unbench", id, "--cause", "manual");

    assertThat(benched.field("cause")).isEqualTo("manual");
    assertThat(why.code()).isZero();
    assertThat(why.out())
        .contains("is not picked, because", "it is benched until", "manual (too loud)")
        .contains("evertoken accounts unbench " + id + " --cause manual");
    assertThat(machine.json().getBoolean("picked")).isFalse();
    assertThat(machine.json().getJsonArray("reasons").getJsonObject(0).getString("kind"))
        .isEqualTo("bench");
    assertThat(list.lines().getLast()).startsWith(id).contains("bench");
    assertThat(unbenched.field("active")).isEqualTo("no");
    assertThat(operator.says("accounts", "why", id).out())
        .contains("can be picked.", "In pool acme: 0 healthy account(s)", "Its token is valid");
  }

  @Test
  void anAccountInErrorIsExplainedAndClearedAndItsTokenWantsAPerson() {
    NewFamily family = family();
    String id = Long.toString(service.account(family));
    service.provider().switches().fault(Endpoint.TOKEN, Fault.error(400, "invalid_grant").times(1));
    Said refused = operator.says("token", id);

    assertThat(refused.code()).isEqualTo(9);
    assertThat(refused.err())
        .contains("(reauthorization_required)", "evertoken accounts edit " + id + " --credentials");
    assertThat(operator.says("accounts", "why", id).out())
        .contains("its refresh was given up: ", "evertoken accounts clear-error " + id);
    assertThat(operator.says("accounts", "clear-error", id).field("status")).isEqualTo("active");
  }

  @Test
  void aProxyIsMadeWithItsPasswordByStandardInputOnly() {
    Said argued = operator.says("proxies", "create", "eu", "http://alice:pw@127.0.0.1:3128");
    Said made =
        operator.saysWith(
            "p@ss:wörd /?\n",
            "proxies",
            "create",
            "eu",
            "http://alice@127.0.0.1:3128",
            "--password");

    assertThat(argued.code()).isEqualTo(2);
    assertThat(argued.err()).contains("Every process sees this command line: use --password");
    assertThat(made.field("url")).isEqualTo("http://alice@127.0.0.1:3128");
    assertThat(made.field("password_set")).isEqualTo("yes");
    String id = made.field("id");
    assertThat(operator.says("proxies", "edit", id, "--name", "us").field("name")).isEqualTo("us");
    assertThat(operator.says("proxies", "list").lines().getLast()).startsWith(id).contains("us");
    assertThat(operator.says("proxies", "show", id).field("name")).isEqualTo("us");
  }

  @Test
  void aProxyInUseIsAConflictUnlessForced() {
    String proxy = operator.says("proxies", "create", "eu", "http://127.0.0.1:1").field("id");
    String id = Long.toString(service.account(family()));
    assertThat(operator.says("accounts", "edit", id, "--proxy", proxy).field("proxy_id"))
        .isEqualTo(proxy);

    assertThat(operator.says("proxies", "delete", proxy).code()).isEqualTo(5);
    assertThat(operator.says("proxies", "delete", proxy, "--force").code()).isZero();
    assertThat(operator.says("accounts", "why", id).out())
        .contains("is not picked", "its proxy " + proxy + " has been deleted");
    assertThat(operator.says("accounts", "edit", id, "--proxy", "none").field("proxy_id"))
        .isEqualTo("-");
  }

  @Test
  void aKeyIsPrintedAloneAndOpensWhatItIsFor() {
    String id = Long.toString(service.account(family()));

    Said made =
        operator.says(
            "keys create caller --scope token:read --pool acme --expires 90d --rate 50".split(" "));
    Operator caller = operator.with("EVERTOKEN_API_KEY", made.lines().getFirst());

    assertThat(made.lines()).singleElement().asString().startsWith("evt_");
    assertThat(caller.says("token", id).code()).isZero();
    assertThat(caller.says("accounts", "list").code()).isEqualTo(4);
    Said listed = operator.says("keys", "list", "--json");
    JsonArray keys = listed.json().getJsonArray("items");
    JsonObject key = keys.getJsonObject(0);
    assertThat(key.getJsonArray("scopes")).containsExactly("token:read");
    assertThat(listed.out()).doesNotContain(made.lines().getFirst());
    assertThat(operator.says("keys", "delete", key.getLong("id").toString()).code()).isZero();
    assertThat(operator.says("keys", "list").lines()).hasSize(1);
  }

  @Test
  void aListGoesOnPageByPage() {
    for (int i = 0; i < 3; i++) {
      service.account(family());
    }

    Said page = operator.says("accounts", "list", "--limit", "2");
    Said all = operator.says("accounts", "list", "--limit", "2", "--all");
    Said machine = operator.says("accounts", "list", "--limit", "2", "--all", "--json");

    assertThat(page.lines()).hasSize(3);
    assertThat(page.err()).contains("There are more: --cursor 2");
    assertThat(all.lines()).hasSize(4);
    assertThat(all.err()).isEmpty();
    assertThat(machine.lines()).hasSize(2);
    assertThat(new JsonObject(machine.lines().getLast()).getJsonArray("items")).hasSize(1);
  }

  private NewFamily family() {
    return service.provider().newFamily();
  }
}
