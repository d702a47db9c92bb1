package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.Outside.NEVER;
import static dev.evertoken.adapter.oauth.Outside.SOME;
import static dev.evertoken.adapter.oauth.Outside.SOON;
import static dev.evertoken.adapter.oauth.Outside.await;
import static dev.evertoken.adapter.oauth.Outside.oauth;
import static dev.evertoken.adapter.oauth.Outside.patient;
import static dev.evertoken.adapter.oauth.Outside.proxy;
import static dev.evertoken.adapter.oauth.Outside.refusal;
import static dev.evertoken.adapter.oauth.Outside.tokenUrl;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.SynBlackHole;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Connecting through each kind of proxy: never around it, and its faults are told from others. */
final class ProxyConnectTest {

  private static final String USER = "user@corp";
  private static final String PASSWORD = "pa:ss wörd";

  @RegisterExtension static final Outside OUTSIDE = new Outside();

  private long callsBefore;

  @BeforeEach
  void count() {
    callsBefore = calls();
  }

  @AfterEach
  void endFaults() {
    OUTSIDE.secure().switches().clearFaults();
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aProxyIsAskedForATunnelWhateverTheTargetSpeaks(ProxyKind kind) {
    for (SimulatedProvider provider : List.of(OUTSIDE.secure(), OUTSIDE.plain())) {
      try (FakeProxy fake = start(kind, false)) {
        ProviderAnswer answer =
            OUTSIDE.refresh(
                patient(tokenUrl(provider)).platform(),
                proxy(kind, fake.port()),
                provider.newFamily().refreshToken());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(fake.targets()).containsExactly("127.0.0.1:" + provider.port());
        assertThat(fake.dials()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void theProxyResolvesTheName(ProxyKind kind) {
    try (FakeProxy fake = start(kind, false)) {
      String url = "http://localhost:" + OUTSIDE.plain().port() + "/token";

      OUTSIDE.refresh(
          patient(URI.create(url)).platform(),
          proxy(kind, fake.port()),
          OUTSIDE.plain().newFamily().refreshToken());

      assertThat(fake.targets()).containsExactly("localhost:" + OUTSIDE.plain().port());
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aProxyThatWantsALoginGetsIt(ProxyKind kind) {
    try (FakeProxy fake = start(kind, true)) {
      Proxy known = proxy(kind, fake.port(), USER, PASSWORD);

      ProviderAnswer answer =
          OUTSIDE.refresh(platform(), known, OUTSIDE.secure().newFamily().refreshToken());

      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP,   DENIED,  proxy: refused with 407",
    "HTTPS,  DENIED,  proxy: refused with 407",
    "SOCKS5, DENIED,  proxy: the login was refused",
    "HTTP,   GARBAGE, proxy: no tunnel was given",
    "HTTPS,  GARBAGE, proxy: no tunnel was given",
    "SOCKS5, GARBAGE, proxy: no tunnel was given",
    "HTTP,   DROPPED, proxy: no tunnel was given",
    "HTTPS,  DROPPED, proxy: no tunnel was given",
    "SOCKS5, DROPPED, proxy: no tunnel was given"
  })
  @DisplayName("29: a refused login and a broken greeting are the proxy's fault")
  void aProxyThatGivesNoTunnelIsAtFault(ProxyKind kind, FakeProxy.Mode mode, String why) {
    try (FakeProxy fake = start(kind, false)) {
      fake.mode(mode);

      ConnectFailure failure =
          OUTSIDE.refusal(platform(), proxy(kind, fake.port(), USER, PASSWORD));

      assertThat(failure.blame()).isEqualTo(Blame.PROXY);
      assertThat(failure).hasMessage(why);
      assertThat(failure.getMessage()).doesNotContain(USER, PASSWORD);
      assertThat(fake.dials()).isEqualTo(1);
      assertThat(calls()).isEqualTo(callsBefore);
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  @DisplayName("29: a login that is wrong or missing is the proxy's fault")
  void aWrongLoginIsTheProxysFault(ProxyKind kind) {
    try (FakeProxy fake = start(kind, true)) {
      for (Proxy proxy :
          List.of(proxy(kind, fake.port(), USER, "other"), proxy(kind, fake.port()))) {
        assertThat(OUTSIDE.refusal(platform(), proxy).proxyFault()).isTrue();
      }
      assertThat(calls()).isEqualTo(callsBefore);
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  @DisplayName("25: a proxy that refuses fails at once, without waiting for any deadline")
  void aProxyThatRefusesFailsAtOnce(ProxyKind kind) {
    try (FakeProxy fake = start(kind, false)) {
      fake.refuse();

      ConnectFailure failure = OUTSIDE.refusal(platform(), proxy(kind, fake.port()));

      assertThat(failure.proxyFault()).isTrue();
      assertThat(failure).hasMessage("proxy: the connection was refused");
      assertThat(calls()).isEqualTo(callsBefore);
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  @DisplayName("26, 27: a black hole ends with the connect deadline, whatever its kind")
  void aBlackHoleEndsWithTheConnectDeadline(ProxyKind kind) {
    try (SynBlackHole hole = SynBlackHole.open()) {
      assertThat(timedOut(kind, hole.port())).hasMessage("proxy: timed out");
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP, SILENT", "HTTPS, SILENT", "SOCKS5, SILENT", "HTTP, UNANSWERED"})
  @DisplayName("28: a proxy that never answers ends with the connect deadline")
  void aProxyThatNeverAnswersEndsWithTheConnectDeadline(ProxyKind kind, FakeProxy.Mode mode) {
    try (FakeProxy fake = start(kind, false)) {
      fake.mode(mode);

      assertThat(timedOut(kind, fake.port())).hasMessage("proxy: timed out");
      assertThat(calls()).isEqualTo(callsBefore);
    }
  }

  /** It is most likely the target that does not answer it; other platforms go on through it. */
  @ParameterizedTest
  @CsvSource({"HTTPS", "SOCKS5"})
  @DisplayName("28: a proxy that greets and then says nothing of the target is not at fault")
  void theSilenceOfAProxyThatHasSpokenIsTheTargets(ProxyKind kind) {
    try (FakeProxy fake = start(kind, false)) {
      fake.mode(FakeProxy.Mode.UNANSWERED);

      ConnectFailure failure = OUTSIDE.refusal(connectWithin(SOME), proxy(kind, fake.port()));

      assertThat(failure.blame()).isEqualTo(Blame.ROUTE);
      assertThat(failure).hasMessage("provider: timed out");
      assertThat(calls()).isEqualTo(callsBefore);
    }
  }

  private static Platform connectWithin(Duration limit) {
    return patient(tokenUrl(OUTSIDE.secure())).timeouts(limit, NEVER, NEVER).platform();
  }

  private static ConnectFailure timedOut(ProxyKind kind, int port) {
    ConnectFailure failure = OUTSIDE.refusal(connectWithin(SOON), proxy(kind, port));
    assertThat(failure.blame()).isEqualTo(Blame.PROXY);
    return failure;
  }

  @Test
  void theProxysTlsHasTheTlsDeadline() {
    try (FakeProxy fake = start(ProxyKind.HTTPS, false)) {
      fake.mode(FakeProxy.Mode.SILENT);
      Platform platform =
          patient(tokenUrl(OUTSIDE.secure())).timeouts(NEVER, SOON, NEVER).platform();

      ConnectFailure failure = OUTSIDE.refusal(platform, proxy(ProxyKind.HTTPS, fake.port()));

      assertThat(failure.proxyFault()).isTrue();
      assertThat(failure).hasMessage("proxy: timed out");
    }
  }

  @Test
  void aProxyWhoseCertificateIsNotTrustedIsAtFault() {
    try (FakeProxy fake = start(ProxyKind.HTTPS, false)) {
      Egress strict = new Egress(OUTSIDE.vertx(), List.of(), null);

      ConnectFailure failure =
          refusal(oauth(strict), platform(), proxy(ProxyKind.HTTPS, fake.port()));

      assertThat(failure.proxyFault()).isTrue();
      assertThat(failure).hasMessage("proxy: the certificate is not trusted");
      assertThat(fake.targets()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void theTargetsTlsIsTheProvidersFaultBehindAnyProxy(ProxyKind kind) {
    try (FakeProxy fake = start(kind, false);
        CannedServer plain = CannedServer.blurting("no TLS here")) {
      String url = plain.url().toString().replace("http:", "https:");

      ConnectFailure failure =
          OUTSIDE.refusal(patient(URI.create(url)).platform(), proxy(kind, fake.port()));

      assertThat(failure.proxyFault()).isFalse();
      assertThat(failure).hasMessageStartingWith("provider: ");
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void theTargetsTlsHasTheTlsDeadlineBehindAnyProxy(ProxyKind kind) {
    try (FakeProxy fake = start(kind, false);
        FakeProxy silentTarget = FakeProxy.http()) {
      silentTarget.mode(FakeProxy.Mode.SILENT);
      Platform platform =
          patient(URI.create("https://127.0.0.1:" + silentTarget.port() + "/token"))
              .timeouts(NEVER, kind == ProxyKind.HTTPS ? SOME : SOON, NEVER)
              .platform();

      ConnectFailure failure = OUTSIDE.refusal(platform, proxy(kind, fake.port()));

      assertThat(failure.proxyFault()).isFalse();
      assertThat(failure).hasMessage("provider: timed out");
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void manyExchangesAtOnceStayApart(ProxyKind kind) {
    try (FakeProxy fake = start(kind, true)) {
      Proxy ours = proxy(kind, fake.port(), USER, PASSWORD);
      List<NewFamily> families = Stream.generate(OUTSIDE.secure()::newFamily).limit(40).toList();

      List<Future<ProviderAnswer>> answers =
          families.stream()
              .map(family -> OUTSIDE.refreshing(platform(), ours, family.refreshToken()))
              .toList();

      for (int i = 0; i < families.size(); i++) {
        assertThat(requireNonNull(await(answers.get(i)).json()).get("refresh_token"))
            .isEqualTo(OUTSIDE.secure().ledger().liveLeaf(families.get(i).id()).orElseThrow());
      }
      assertThat(fake.dials()).isEqualTo(families.size());
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aTunnelThatBreaksAfterSendingIsNoAnswer(ProxyKind kind) {
    OUTSIDE.secure().switches().fault(Endpoint.TOKEN, Fault.drop());
    try (FakeProxy fake = start(kind, false)) {
      String token = OUTSIDE.secure().newFamily().refreshToken();

      Outside.failure(
          NoAnswer.class, OUTSIDE.refreshing(platform(), proxy(kind, fake.port()), token));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aConnectionThatIsNotUsedIsGivenUp(ProxyKind kind) {
    try (FakeProxy fake = start(kind, false)) {
      await(OUTSIDE.oauth().connect(platform(), proxy(kind, fake.port()))).close();

      assertThat(calls()).isEqualTo(callsBefore);
    }
  }

  private static Platform platform() {
    return patient(tokenUrl(OUTSIDE.secure())).platform();
  }

  private static long calls() {
    return OUTSIDE.secure().ledger().calls(Endpoint.TOKEN);
  }

  private static FakeProxy start(ProxyKind kind, boolean login) {
    return switch (kind) {
      case HTTP -> login ? FakeProxy.http(USER, PASSWORD) : FakeProxy.http();
      case HTTPS -> login ? FakeProxy.https(USER, PASSWORD) : FakeProxy.https();
      case SOCKS5 -> login ? FakeProxy.socks5(USER, PASSWORD) : FakeProxy.socks5();
    };
  }
}
