package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.Outside.patient;
import static dev.evertoken.adapter.oauth.Outside.proxy;
import static dev.evertoken.adapter.oauth.Outside.tokenUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.rig.FakeProxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What proxies say to CONNECT and SOCKS5, and who is blamed for it. */
final class ProxyAnswersTest {

  private static final String USER = "user@corp";
  private static final String PASSWORD = "pa:ss wörd";

  @RegisterExtension static final Outside OUTSIDE = new Outside();

  @ParameterizedTest
  @CsvSource({
    "502 Bad Gateway,         ROUTE",
    "503 Service Unavailable, ROUTE",
    "504 Gateway Timeout,     ROUTE",
    "403 Forbidden,           ROUTE",
    "404 Not Found,           ROUTE",
    "405 Method Not Allowed,  ROUTE",
    "429 Too Many Requests,   ROUTE",
    "500 Oops,                ROUTE",
    "302 Found,               ROUTE",
    "401 Unauthorized,        PROXY",
    "407 Login,               PROXY"
  })
  void whatAnHttpProxySaysOfTheTargetIsNotHeldAgainstTheProxy(String status, Blame blame) {
    for (ProxyKind kind : List.of(ProxyKind.HTTP, ProxyKind.HTTPS)) {
      try (FakeProxy fake = start(kind, false)) {
        fake.failWith(status);

        ConnectFailure failure = OUTSIDE.refusal(platform(), proxy(kind, fake.port()));

        assertThat(failure.blame()).isEqualTo(blame);
        assertThat(failure).hasMessageContaining(status.substring(0, 3));
        assertThat(fake.dials()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, ROUTE",
    "2, ROUTE",
    "3, ROUTE",
    "4, ROUTE",
    "5, ROUTE",
    "6, ROUTE",
    "8, ROUTE",
    "7, PROXY",
    "9, PROXY",
    "255, PROXY"
  })
  void whatASocksProxySaysOfTheTargetIsNotHeldAgainstTheProxy(int code, Blame blame) {
    try (FakeProxy fake = FakeProxy.socks5()) {
      fake.failWith(code);

      assertThat(OUTSIDE.refusal(platform(), proxy(ProxyKind.SOCKS5, fake.port())).blame())
          .isEqualTo(blame);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.0 299\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\nVia: lines that end with LF alone\n\n"
      })
  void anySuccessOfConnectOpensTheTunnel(String head) {
    for (ProxyKind kind : List.of(ProxyKind.HTTP, ProxyKind.HTTPS)) {
      try (FakeProxy fake = start(kind, false)) {
        fake.welcomeWith(head);

        ProviderAnswer answer =
            OUTSIDE.refresh(
                platform(), proxy(kind, fake.port()), OUTSIDE.secure().newFamily().refreshToken());

        assertThat(answer.status()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void theVersionOfALoginsAnswerIsOfNoMatter(int version) {
    try (FakeProxy fake = start(ProxyKind.SOCKS5, true)) {
      fake.loginVersion(version);

      ProviderAnswer answer =
          OUTSIDE.refresh(
              platform(),
              proxy(ProxyKind.SOCKS5, fake.port(), USER, PASSWORD),
              OUTSIDE.secure().newFamily().refreshToken());

      assertThat(answer.status()).isEqualTo(200);
      assertThat(
              OUTSIDE
                  .refusal(platform(), proxy(ProxyKind.SOCKS5, fake.port(), USER, "other"))
                  .blame())
          .isEqualTo(Blame.PROXY);
    }
  }

  @Test
  void aLoginThatSocksCannotCarryIsRefusedAndNotCut() {
    try (FakeProxy fake = start(ProxyKind.SOCKS5, true)) {
      Proxy proxy = proxy(ProxyKind.SOCKS5, fake.port(), USER, "x".repeat(256));

      assertThat(OUTSIDE.refusal(platform(), proxy)).hasMessageContaining("255 bytes");
    }
  }

  private static Platform platform() {
    return patient(tokenUrl(OUTSIDE.secure())).platform();
  }

  private static FakeProxy start(ProxyKind kind, boolean login) {
    return switch (kind) {
      case HTTP -> login ? FakeProxy.http(USER, PASSWORD) : FakeProxy.http();
      case HTTPS -> login ? FakeProxy.https(USER, PASSWORD) : FakeProxy.https();
      case SOCKS5 -> login ? FakeProxy.socks5(USER, PASSWORD) : FakeProxy.socks5();
    };
  }
}
