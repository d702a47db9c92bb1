package dev.evertoken.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.ProviderOptions;
import dev.evertoken.dev.SimulatedProvider;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FakeProxyTest {
  private final Vertx vertx = Vertx.vertx();
  private SimulatedProvider plain;
  private SimulatedProvider secure;

  @BeforeEach
  void start() {
    plain = SimulatedProvider.start(vertx).await();
    secure =
        SimulatedProvider.start(
                vertx, ProviderOptions.DEFAULT.tls(TestCertificate.shared().keyCertOptions()))
            .await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyType.class,
      names = {"HTTP", "SOCKS5"})
  void joinsACallerAndItsTarget(ProxyType type) throws Exception {
    try (FakeProxy proxy =
        type == ProxyType.HTTP ? FakeProxy.http("u", "p") : FakeProxy.socks5("u", "p")) {
      ProxyOptions login =
          new ProxyOptions()
              .setType(type)
              .setHost("127.0.0.1")
              .setPort(proxy.port())
              .setUsername("u")
              .setPassword("p");

      assertThat(status(plain, login)).isEqualTo(400);
      assertThat(status(secure, login)).isEqualTo(400);

      assertThat(proxy.targets())
          .containsExactly("127.0.0.1:" + plain.port(), "127.0.0.1:" + secure.port());
      assertThat(plain.ledger().calls(Endpoint.TOKEN)).isEqualTo(1);
      assertThat(secure.ledger().calls(Endpoint.TOKEN)).isEqualTo(1);
      assertThatThrownBy(() -> status(secure, new ProxyOptions(login).setPassword("wrong")))
          .isNotNull();
      assertThat(secure.ledger().calls(Endpoint.TOKEN)).isEqualTo(1);
    }
  }

  private int status(SimulatedProvider provider, ProxyOptions proxy) throws Exception {
    var options =
        new HttpClientOptions()
            .setProxyOptions(proxy)
            .setTrustOptions(TestCertificate.shared().trustOptions())
            .setKeepAlive(false);
    var request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(provider.url(Endpoint.TOKEN))
            .putHeader("content-type", "application/x-www-form-urlencoded");
    var client = vertx.createHttpClient(options);
    String form = "client_id=evertoken-dev&client_secret=evertoken-dev-secret";
    return client
        .request(request)
        .compose(ready -> ready.send(form))
        .map(answer -> answer.statusCode())
        .eventually(client::close)
        .await(10, TimeUnit.SECONDS);
  }

  @Test
  void isReachedByTlsAsAnHttpsProxy() throws Exception {
    try (FakeProxy proxy = FakeProxy.https();
        Socket socket =
            TestCertificate.shared()
                .context()
                .getSocketFactory()
                .createSocket("localhost", proxy.port())) {
      assertThat(talk(socket, "CONNECT 127.0.0.1:" + plain.port() + " HTTP/1.1\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
      assertThat(talk(socket, "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"))
          .startsWith("HTTP/1.1 404");
      assertThat(proxy.url()).startsWith("https://");
    }
  }

  @Test
  void misbehavesAsAnHttpProxy() throws Exception {
    String connect = "CONNECT 127.0.0.1:" + plain.port() + " HTTP/1.1\r\n\r\n";
    try (FakeProxy proxy = FakeProxy.http()) {
      proxy.mode(FakeProxy.Mode.DENIED);
      assertThat(answer(proxy, connect)).startsWith("HTTP/1.1 407");
      proxy.mode(FakeProxy.Mode.FAILING);
      assertThat(answer(proxy, connect)).startsWith("HTTP/1.1 503");
      proxy.mode(FakeProxy.Mode.GARBAGE);
      assertThat(answer(proxy, connect)).startsWith("\u0001\u0002");
      proxy.mode(FakeProxy.Mode.DROPPED);
      assertThat(answer(proxy, connect)).isEmpty();
      assertThat(proxy.dials()).isEqualTo(4);
      assertThat(proxy.targets()).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SILENT", "UNANSWERED"})
  void neverAnswers(String mode) throws Exception {
    try (FakeProxy proxy = FakeProxy.http();
        FakeProxy socks = FakeProxy.socks5()) {
      proxy.mode(FakeProxy.Mode.valueOf(mode));
      socks.mode(FakeProxy.Mode.valueOf(mode));
      assertThatThrownBy(() -> answer(proxy, "CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n"))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(proxy.targets()).hasSize("UNANSWERED".equals(mode) ? 1 : 0);
      String greeting = "\u0005\u0001\u0000";
      String request = "\u0005\u0001\u0000\u0001\u007f\u0000\u0000\u0001\u0000\u0001";
      try (Socket socket = Echo.connect(socks.port())) {
        socket.setSoTimeout(300);
        assertThatThrownBy(
                () -> {
                  talk(socket, greeting);
                  talk(socket, request);
                })
            .isInstanceOf(SocketTimeoutException.class);
      }
      assertThat(socks.targets()).hasSize("UNANSWERED".equals(mode) ? 1 : 0);
    }
  }

  @Test
  void answersLate() throws Exception {
    try (FakeProxy proxy = FakeProxy.http();
        Socket socket = Echo.connect(proxy.port())) {
      proxy.answerAfter(Duration.ofMillis(500));
      socket.setSoTimeout(200);
      String connect = "CONNECT 127.0.0.1:" + plain.port() + " HTTP/1.1\r\n\r\n";
      assertThatThrownBy(() -> talk(socket, connect)).isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(5_000);
      assertThat(talk(socket, "")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void refusesAndComesBack() throws Exception {
    try (FakeProxy proxy = FakeProxy.socks5()) {
      int port = proxy.port();
      proxy.refuse();
      assertThatThrownBy(() -> Echo.connect(port)).isInstanceOf(ConnectException.class);
      proxy.mode(FakeProxy.Mode.FINE);
      try (Socket socket = Echo.connect(port)) {
        assertThat(talk(socket, "\u0005\u0001\u0000")).isEqualTo("\u0005\u0000");
      }
    }
  }

  private static String answer(FakeProxy proxy, String request) throws IOException {
    try (Socket socket = Echo.connect(proxy.port())) {
      socket.setSoTimeout(300);
      return talk(socket, request);
    }
  }

  private static String talk(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    var buffer = new byte[4096];
    int count = socket.getInputStream().read(buffer);
    return new String(buffer, 0, Math.max(0, count), StandardCharsets.ISO_8859_1);
  }
}
