package dev.evertoken.adapter.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.port.ProxyProbe.Reached;
import dev.evertoken.rig.FakeProxy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of proxies that ask a URL which tells the caller's address. */
final class HttpProxyProbeTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    within(vertx.close());
  }

  private Reached test(int status, String body) {
    HttpServer server =
        within(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(status).end(body))
                .listen(0, "127.0.0.1"));
    URI url = URI.create("http://127.0.0.1:" + server.actualPort() + "/ip?format=json");
    try (FakeProxy px = FakeProxy.http()) {
      HttpProxyProbe probe = new HttpProxyProbe(new Egress(vertx, List.of(), null), url);
      List<Reached> reached =
          within(probe.test(proxy(px.port()), List.of(URI.create("http://127.0.0.1:1/token"))));
      assertThat(px.targets()).containsExactly("127.0.0.1:" + server.actualPort());
      return reached.getFirst();
    }
  }

  private static Proxy proxy(int port) {
    Instant now = Instant.now();
    return new Proxy(1, "px", ProxyKind.HTTP, "127.0.0.1", port, null, null, false, 1, now, now);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ip\":\"203.0.113.7\"} | 203.0.113.7",
        "{\"origin\":\"203.0.113.7, 10.0.0.1\"} | 203.0.113.7",
        "203.0.113.8 | 203.0.113.8",
        "{\"ip\":\"2001:db8::7\"} | 2001:db8::7",
        "{\"ip\":\"canary-secret\"} |",
        "<html>canary</html> |"
      })
  void theExitAddressIsToldWhereTheUrlTellsItAndNothingElseIsRepeated(String body, String exit) {
    Reached reached = test(200, body);

    assertThat(reached.success()).isTrue();
    assertThat(reached.exitAddress()).isEqualTo(exit);
  }

  @Test
  void aUrlThatAnswersNo2xxIsAFailureThatNamesTheStatus() {
    Reached reached = test(503, "{\"ip\":\"203.0.113.7\"}");

    assertThat(reached.error()).contains("503");
    assertThat(reached.exitAddress()).isNull();
  }

  private static <T> T within(io.vertx.core.Future<T> work) {
    try {
      return work.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("not within 20 s", late);
    }
  }
}
