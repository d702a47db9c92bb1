package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.ProviderOptions;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.NameServer;
import dev.evertoken.rig.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A provider that is known by its name, and a DNS that is no help. */
final class NamesLostTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ROUTE = "evertoken_route_open{platform=\"acme\",proxy=\"direct\"}";

  private final NameServer names = NameServer.of("provider.test");
  private final Vertx vertx = Vertx.vertx();
  private final SimulatedProvider provider =
      SimulatedProvider.start(
              vertx, ProviderOptions.DEFAULT.tls(TestCertificate.shared().keyCertOptions()))
          .await();

  @RegisterExtension
  private final Service service =
      new Service()
          .with("dns.servers", names.address())
          .with("egress.ca_file", TestCertificate.shared().pem().certificate().toString())
          .with("refresh.background", "true")
          .with("refresh.scan_interval", "1s")
          .acme("token_url", provider.url(Endpoint.TOKEN).replace("127.0.0.1", "provider.test"))
          .acme("breaker", "{max_failures: 2, reset_timeout: 1s}");

  @AfterEach
  void close() {
    vertx.close().await();
    names.close();
  }

  private boolean tells(List<String> missing) {
    return Members.missing(service.talk()).equals(missing);
  }

  private boolean shows(String metric, int value) {
    return Members.shows(service.talk(), metric, value);
  }

  private boolean benched(long id) {
    return service.talk().account(id).getJsonObject("temp_unschedulable").getBoolean("active");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANSWERS")
  @DisplayName("30 a dead DNS is a mode that is told, holds up no valid token, and ends by itself")
  void enteredAndLeft(NameServer.Mode mode) {
    NewFamily family = provider.newFamily();
    long valid = service.account(family, Duration.ofMinutes(40));
    long before = service.account(provider.newFamily());
    assertThat(service.talk().token(before).status()).isEqualTo(200);
    assertThat(tells(List.of())).isTrue();
    names.mode(mode);
    // What was found a moment ago is known for a second.
    int asked = names.questions();
    long first = service.account(provider.newFamily());
    Await.until(
        "the name is asked for again",
        () -> {
          service.talk().post("/v1/accounts/" + before + "/refresh", null);
          return names.questions() > asked;
        },
        SOON);

    Await.until("it is told", () -> tells(List.of("dns")), SOON);
    assertThat(service.talk().get("/health/ready").status()).isEqualTo(200);
    assertThat(shows("evertoken_dependency_up{name=\"dns\"}", 0)).isTrue();
    // One account alone would prove nothing against the route.
    service.account(provider.newFamily());
    service.account(provider.newFamily());
    Await.until("the route is left alone", () -> shows(ROUTE, 1), SOON);
    long calls = provider.ledger().calls(Endpoint.TOKEN);
    long late = service.account(provider.newFamily());
    assertThat(service.talk().token(late).code()).isEqualTo("provider_unavailable");
    assertThat(benched(late)).isFalse();
    Answer answer = service.talk().token(valid);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.token()).isEqualTo(family.accessToken().value());
    assertThat(benched(valid)).isFalse();
    assertThat(tells(List.of("dns"))).as("still told").isTrue();
    assertThat(provider.ledger().calls(Endpoint.TOKEN)).isEqualTo(calls);

    names.mode(NameServer.Mode.ANSWERS);
    Await.until("it is told no more", () -> tells(List.of()), SOON);
    assertThat(shows("evertoken_dependency_up{name=\"dns\"}", 1)).isTrue();
    for (long id : List.of(valid, before, first, late)) {
      Await.until(
          "account " + id + " is as before",
          () -> service.talk().token(id).status() == 200 && !benched(id),
          SOON);
      assertThat(service.talk().account(id).getString("status")).isEqualTo("active");
    }
  }

  @Test
  @DisplayName("30 a proxy whose name nobody knows is that proxy's fault, and no dead DNS")
  void proxyOfNoName() {
    Answer proxy =
        service
            .talk()
            .post(
                "/v1/proxies",
                new JsonObject().put("name", "px").put("url", "http://no-proxy.test:3128"));
    long id =
        service.account(
            provider.newFamily(), body -> body.put("proxy_id", proxy.json().getLong("id")));

    assertThat(service.talk().token(id).code()).isEqualTo("proxy_unavailable");

    assertThat(names.questions()).isPositive();
    assertThat(tells(List.of())).isTrue();
  }
}
