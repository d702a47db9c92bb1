package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.Outside.NEVER;
import static dev.evertoken.adapter.oauth.Outside.SOON;
import static dev.evertoken.adapter.oauth.Outside.await;
import static dev.evertoken.adapter.oauth.Outside.oauth;
import static dev.evertoken.adapter.oauth.Outside.patient;
import static dev.evertoken.adapter.oauth.Outside.pem;
import static dev.evertoken.adapter.oauth.Outside.proxy;
import static dev.evertoken.adapter.oauth.Outside.refusal;
import static dev.evertoken.adapter.oauth.Outside.tokenUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.domain.AddressRange;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.Scratch;
import dev.evertoken.rig.SynBlackHole;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connecting without a proxy: every failure is the provider's, and ends in its own time. */
final class DirectConnectTest {

  private static final List<AddressRange> LOOPBACK =
      List.of(
          AddressRange.parse("127.0.0.0/8").orElseThrow(), AddressRange.parse("::1").orElseThrow());

  @RegisterExtension static final Outside OUTSIDE = new Outside();

  @Test
  void aRefusedConnectionFailsWithoutWaiting() throws IOException {
    int port = closedPort();

    ConnectFailure failure =
        OUTSIDE.refusal(patient(URI.create("http://127.0.0.1:" + port)).platform(), null);

    assertThat(failure.proxyFault()).isFalse();
    assertThat(failure).hasMessage("provider: the connection was refused");
  }

  @Test
  void aBlackHoleEndsWithTheConnectDeadline() {
    try (SynBlackHole hole = SynBlackHole.open()) {
      Platform platform =
          patient(URI.create("https://127.0.0.1:" + hole.port()))
              .timeouts(SOON, NEVER, NEVER)
              .platform();

      ConnectFailure failure = OUTSIDE.refusal(platform, null);

      assertThat(failure.proxyFault()).isFalse();
      assertThat(failure).hasMessage("provider: timed out");
    }
  }

  @Test
  void aSilentTlsServerEndsWithTheTlsDeadlineAndIsLeft() throws InterruptedException {
    assertGivesUp(NEVER, SOON, NEVER);
  }

  @Test
  void theTotalDeadlineEndsConnectingToo() throws InterruptedException {
    assertGivesUp(NEVER, NEVER, SOON);
  }

  private static void assertGivesUp(Duration connect, Duration tls, Duration total)
      throws InterruptedException {
    try (CannedServer silent = CannedServer.silent()) {
      URI url = URI.create(silent.url().toString().replace("http:", "https:"));
      Platform platform = patient(url).timeouts(connect, tls, total).platform();

      ConnectFailure failure = OUTSIDE.refusal(platform, null);

      assertThat(failure.proxyFault()).isFalse();
      assertThat(failure).hasMessage("provider: timed out");
      silent.awaitLeave();
    }
  }

  @Test
  void aConnectionCutInTheHandshakeFails() {
    try (CannedServer plain = CannedServer.blurting("no TLS here")) {
      Platform platform =
          patient(URI.create(plain.url().toString().replace("http:", "https:"))).platform();

      assertThat(OUTSIDE.refusal(platform, null)).hasMessage("provider: the TLS handshake failed");
    }
  }

  @Test
  void onlyTrustedCertificatesOfThatNameWillDo() {
    Egress strict = new Egress(OUTSIDE.vertx(), List.of(), null);
    Platform right = patient(tokenUrl(OUTSIDE.secure())).platform();
    Platform wrongName =
        patient(URI.create("https://elsewhere.test:" + OUTSIDE.secure().port() + "/token"))
            .platform();

    assertThat(refusal(oauth(strict), right, null))
        .hasMessage("provider: the certificate is not trusted");
    assertThat(OUTSIDE.refusal(wrongName, null))
        .hasMessage("provider: the certificate is not trusted");
  }

  /** The JDK itself would refuse both: it compares no name with an underscore. */
  @Test
  void aNameWithAnUnderscoreIsComparedWithTheCertificateToo() {
    String url = "https://my_idp.%s:" + OUTSIDE.secure().port() + "/token";
    Egress strict = new Egress(OUTSIDE.vertx(), List.of(), null);
    Platform right = patient(URI.create(url.formatted("cluster.test"))).platform();
    Platform wrong = patient(URI.create(url.formatted("elsewhere.test"))).platform();

    await(OUTSIDE.oauth().connect(right, null)).close();
    assertThat(OUTSIDE.refusal(wrong, null)).hasMessage("provider: the certificate is not trusted");
    assertThat(refusal(oauth(strict), right, null))
        .hasMessage("provider: the certificate is not trusted");
  }

  @Test
  void aFileOfAuthoritiesMustHoldCertificates() throws IOException {
    Path nonsense = Files.writeString(Scratch.folder("pem").resolve("ca.pem"), "-----BEGIN");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Egress(OUTSIDE.vertx(), List.of(), nonsense))
        .withMessageContaining("ca.pem");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Egress(OUTSIDE.vertx(), List.of(), Path.of("missing.pem")))
        .withMessageContaining("missing.pem");
  }

  @Test
  @DisplayName("30: DNS broken without a proxy is the provider's fault, with one the proxy's")
  void aDeadNameServerIsGivenUp() throws IOException {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Vertx lost = Outside.vertx(Egress.nameLookup(List.of("127.0.0.1:" + silent.getLocalPort())));
      Egress egress = new Egress(lost, List.of(), pem());
      Platform platform = patient(URI.create("https://oauth.test/token")).platform();

      ConnectFailure direct = refusal(oauth(egress), platform, null);
      ConnectFailure proxied = refusal(oauth(egress), platform, proxyAt("proxy.test", 3128));
      lost.close().await();

      assertThat(direct.proxyFault()).isFalse();
      assertThat(direct).hasMessage("provider: the name cannot be resolved");
      assertThat(proxied.proxyFault()).isTrue();
      assertThat(proxied).hasMessage("proxy: the name cannot be resolved");
    }
  }

  @Test
  void aDeniedAddressIsNotDialledWhateverNameLeadsThere() {
    Egress closed = new Egress(OUTSIDE.vertx(), LOOPBACK, pem());
    long before = OUTSIDE.plain().ledger().calls(Endpoint.TOKEN);
    for (String host : List.of("127.0.0.1", "elsewhere.test", "[::ffff:127.0.0.1]", "[::1]")) {
      Platform platform =
          patient(URI.create("http://" + host + ":" + OUTSIDE.plain().port() + "/token"))
              .platform();

      ConnectFailure failure = refusal(oauth(closed), platform, null);

      assertThat(failure.blame()).isEqualTo(Blame.DENIED);
      assertThat(failure).hasMessage("provider: the address is denied by egress.deny");
    }
    assertThat(OUTSIDE.plain().ledger().calls(Endpoint.TOKEN)).isEqualTo(before);
  }

  @Test
  void aProxyAtADeniedAddressIsNotDialledNorAskedForOne() {
    try (FakeProxy fake = FakeProxy.http()) {
      Egress closed = new Egress(OUTSIDE.vertx(), LOOPBACK, pem());
      Egress halfClosed =
          new Egress(
              OUTSIDE.vertx(), List.of(AddressRange.parse("169.254.0.0/16").orElseThrow()), pem());
      Platform named = patient(URI.create("https://oauth.test/token")).platform();

      ConnectFailure atTheProxy = refusal(oauth(closed), named, proxy(ProxyKind.HTTP, fake.port()));

      assertThat(atTheProxy.blame()).isEqualTo(Blame.DENIED);
      for (String literal :
          List.of(
              "169.254.169.254",
              "[::ffff:169.254.169.254]",
              "[::ffff:0:169.254.169.254]",
              "[64:ff9b:1::a9fe:a9fe]",
              "[2002:a9fe:a9fe::]")) {
        Platform metadata = patient(URI.create("http://" + literal + "/token")).platform();
        assertThat(refusal(oauth(halfClosed), metadata, proxy(ProxyKind.HTTP, fake.port())).blame())
            .isEqualTo(Blame.DENIED);
      }
      assertThat(fake.dials()).isZero();
    }
  }

  private static Proxy proxyAt(String host, int port) {
    return new Proxy(
        1, "p", ProxyKind.HTTP, host, port, null, null, false, 1, Instant.EPOCH, Instant.EPOCH);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
