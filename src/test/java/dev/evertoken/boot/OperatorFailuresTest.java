package dev.evertoken.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.evertoken.boot.Operator.Said;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.ServiceProcess.Plan;
import dev.evertoken.rig.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator's commands say where they cannot do their work, and their exit codes. */
final class OperatorFailuresTest {

  @TempDir private Path folder;

  @Test
  void aServiceThatDoesNotRunIsToldInOneLineWithWhatToDo() {
    Said said = Operator.of("http://127.0.0.1:1", "key").says("accounts", "list");

    assertThat(said.code()).isEqualTo(8);
    assertThat(said.out()).isEmpty();
    assertThat(said.err().lines())
        .singleElement()
        .asString()
        .startsWith("http://127.0.0.1:1 cannot be reached: ")
        .contains("EVERTOKEN_URL", "evertoken serve");
  }

  @Test
  void anUnknownNameOfAHostIsTold() {
    assertThat(Operator.of("http://nowhere.invalid", "key").says("status").code()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "400, malformed_request, 6",
    "401, unauthenticated, 4",
    "403, forbidden, 4",
    "404, not_found, 3",
    "409, conflict, 5",
    "412, precondition_failed, 5",
    "413, content_too_large, 6",
    "422, invalid, 6",
    "424, reauthorization_required, 9",
    "429, rate_limited, 7",
    "500, internal, 1",
    "503, pool_exhausted, 7",
    "504, refresh_timeout, 7"
  })
  void theExitCodeTellsTheKindOfFailure(int status, String code, int exit) throws IOException {
    String problem =
        "{\"status\":%d,\"code\":\"%s\",\"detail\":\"Said\\u001b[2J so.\",\"retry_after\":30,"
                .formatted(status, code)
            + "\"errors\":[{\"pointer\":\"/name\",\"detail\":\"is required\"}]}";
    HttpServer server = answering(status, problem);
    try {
      Said said = at(server).says("accounts", "show", "7");

      assertThat(said.code()).isEqualTo(exit);
      assertThat(said.err())
          .contains("Said?[2J so. (" + code + ")", "/name: is required", "try again in 30 s");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatAnswersAndIsNoEvertokenIsTold() throws IOException {
    HttpServer server = answering(200, "<html>welcome</html>");
    try {
      Said said = at(server).says("accounts", "list");

      assertThat(said.code()).isEqualTo(8);
      assertThat(said.err()).contains("does not answer like Evertoken");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void withoutAKeyItSaysWhereOneIsLookedFor() {
    Said said =
        Operator.of("http://127.0.0.1:1", "")
            .with("EVERTOKEN_DATA_DIR", folder.toString())
            .says("accounts", "list");

    assertThat(said.code()).isEqualTo(4);
    assertThat(said.err()).contains("set EVERTOKEN_API_KEY", folder + "/admin.key");
  }

  @Test
  void aWrongCommandLineIsToldInTwoLines() {
    Said said = Operator.of("http://127.0.0.1:1", "key").says("accounts", "bench", "7");

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err().lines())
        .containsExactly(
            "Missing required option: '--for=DURATION'", "Try: evertoken accounts bench --help");
  }

  @Test
  void aSecretThatDoesNotComeIsToldAndNothingIsSent() {
    Said said =
        Operator.of("http://127.0.0.1:1", "key")
            .saysWith(" \n", "accounts", "create", "blue", "--platform", "acme");

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("Refresh token: none came by standard input");
  }

  @Test
  void everyCommandTellsTheExitCodesInItsHelp() {
    Said said = Operator.of("http://127.0.0.1:1", "key").says("accounts", "why", "--help");

    assertThat(said.code()).isZero();
    assertThat(said.out()).contains("Exit codes:", "8   The service cannot be reached.");
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefusedUnlessItIsNamed() throws Exception {
    Path ca = folder.resolve("ca.pem");
    KeyStore store =
        KeyStore.getInstance(
            TestCertificate.shared().store().toFile(), TestCertificate.PASSWORD.toCharArray());
    Files.writeString(
        ca,
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(
                Base64.getMimeEncoder()
                    .encodeToString(
                        store.getCertificate(store.aliases().nextElement()).getEncoded())));
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(TestCertificate.shared().context()));
    answer(server, 200, "{\"status\":\"ok\",\"missing\":[]}");
    try {
      Operator stranger = Operator.of("https://127.0.0.1:" + server.getAddress().getPort(), "key");

      Said refused = stranger.says("status");
      assertThat(refused.code()).isEqualTo(8);
      assertThat(refused.err()).contains("cannot be trusted", "--ca FILE or EVERTOKEN_CA");
      assertThat(stranger.says("status", "--ca", ca.toString()).code()).isZero();
      assertThat(stranger.with("EVERTOKEN_CA", ca.toString()).says("status").code()).isZero();
      assertThat(stranger.says("status", "--ca", "no.pem").code()).isEqualTo(2);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void eventsGoOnBehindTheLastOneAfterABreak() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/events",
        exchange -> {
          String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
          String text =
              last == null
                  ? ": hello\n\nid: 5\nevent: error\ndata: {\"type\":\"error\"}\n\n"
                  : "id: 6\ndata: {\"type\":\"recovered\",\"reason\":\"behind " + last + "\"}\n\n";
          byte[] bytes = text.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    Plan plan =
        Plan.in(folder)
            .with("EVERTOKEN_URL", "http://127.0.0.1:" + server.getAddress().getPort())
            .with("EVERTOKEN_API_KEY", "key")
            .saying("events");
    try (ServiceProcess events = ServiceProcess.start(plan)) {
      events.awaitLine("recovered  behind 5", Duration.ofMinutes(1));
      assertThat(events.log()).contains("error\n");
    } finally {
      server.stop(0);
    }
  }

  private static Operator at(HttpServer server) {
    return Operator.of("http://127.0.0.1:" + server.getAddress().getPort(), "key");
  }

  private static HttpServer answering(int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer(server, status, body);
    return server;
  }

  private static void answer(HttpServer server, int status, String body) {
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }
}
