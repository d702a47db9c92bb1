package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.http.HttpSettings.Tls;
import dev.evertoken.rig.FakeKeys;
import dev.evertoken.rig.ManualTime;
import dev.evertoken.rig.Scratch;
import dev.evertoken.rig.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The API over TLS, with and without certificates of callers. */
final class TlsTest {

  private static final char[] PASSWORD = TestCertificate.PASSWORD.toCharArray();

  private final Path folder = Scratch.folder("tls");
  private final KeyStore store = load();
  private final Path certificate = pem("certificate", certificateBytes());
  private final Path key = pem("private key", keyBytes());
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void answersOverTlsAndNotInTheClear() throws Exception {
    int port = listen(new Tls(certificate, key, null));
    assertThat(ask(port, false)).isEqualTo(200);
    assertThatThrownBy(() -> new RawHttp(port).get("/open", ""))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void servesOnlyCallersWithACertificateOfTheAuthority() throws Exception {
    int port = listen(new Tls(certificate, key, certificate));
    assertThat(ask(port, true)).isEqualTo(200);
    assertThatThrownBy(() -> ask(port, false)).isInstanceOf(IOException.class);
  }

  private int listen(Tls tls) {
    ManualTime time = new ManualTime();
    HttpApi api =
        new HttpApi(
            new HttpSettings("127.0.0.1", 0, tls),
            time,
            new CallerAuthentication(
                new FakeKeys(time), HttpRig.ADMIN_KEY, time, Duration.ofMinutes(5)),
            (caller, request) -> Future.<TokenAnswer>failedFuture("no token service here"),
            flight ->
                List.of(
                    Endpoint.get(
                        "/open",
                        null,
                        call -> Future.succeededFuture(Reply.json(new JsonObject())))));
    return ApiRig.get(api.listen(vertx)).actualPort();
  }

  private int ask(int port, boolean withCertificate) throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(withCertificate ? keys() : null, trust.getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/open"))
              .timeout(Duration.ofSeconds(10))
              .build();
      return client.send(request, BodyHandlers.ofString()).statusCode();
    }
  }

  private KeyManager @Nullable [] keys() throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    return keys.getKeyManagers();
  }

  private static KeyStore load() {
    try (InputStream in = Files.newInputStream(TestCertificate.shared().store())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD);
      return store;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] certificateBytes() {
    try {
      return store.getCertificate("localhost").getEncoded();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] keyBytes() {
    try {
      return store.getKey("localhost", PASSWORD).getEncoded();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Path pem(String kind, byte[] content) {
    String label = kind.toUpperCase(Locale.ROOT);
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(content), label);
    try {
      return Files.writeString(folder.resolve(kind.replace(' ', '-') + ".pem"), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
