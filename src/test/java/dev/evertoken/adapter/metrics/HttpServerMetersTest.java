package dev.evertoken.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.Await;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Vert.x's own metrics are the oracle: what both tell of the same requests must be the same. */
class HttpServerMetersTest {

  private static final String SERVER = "vertx_http_server_";

  private final Side ours = Side.ours();
  private final Side vertx = Side.ofVertx();

  @AfterEach
  void close() {
    ours.close();
    vertx.close();
  }

  @Test
  void tellsWhatVertxTells() throws Exception {
    for (Side side : List.of(ours, vertx)) {
      side.ask("GET /200 HTTP/1.1", "", "HTTP/1.1 200");
      side.ask("GET /200?again HTTP/1.1", "", "HTTP/1.1 200");
      side.ask("POST /404 HTTP/1.1", "a body", "HTTP/1.1 404");
      side.ask("GET /503 HTTP/1.1", "", "HTTP/1.1 503");
    }
    bothTellTheSame();
    assertThat(ours.told())
        .contains(
            SERVER + "requests_total{code=\"200\"} 2.0",
            SERVER + "response_time_seconds_count{code=\"404\"} 1",
            SERVER + "active_requests 0.0");
    assertThat(ours.seconds()).isPositive();
  }

  @Test
  void aCallerThatLeavesIsAResetAndNotActiveAnyMore() throws Exception {
    for (Side side : List.of(ours, vertx)) {
      try (Socket _ = side.begin("GET /never HTTP/1.1", "")) {
        Await.until(
            "a request is active", () -> side.told().contains(SERVER + "active_requests 1.0"));
      }
    }
    bothTellTheSame();
    assertThat(ours.told())
        .contains(SERVER + "active_requests 0.0", SERVER + "request_resets_total 1.0");
  }

  /** Vert.x takes the first connections before a server has its metrics, and has none for them. */
  @Test
  @SuppressWarnings("NullAway")
  void aConnectionWithoutAMetricIsBorne() {
    NodeMetrics node = new NodeMetrics();
    SocketAddress remote = SocketAddress.inetSocketAddress(1, "127.0.0.1");
    VertxOptions options = new VertxOptions().setMetricsOptions(node.vertxOptions());
    HttpServerMetrics<?, ?, ?> server =
        node.vertxFactory()
            .metrics(options)
            .createHttpServerMetrics(new HttpServerOptions(), remote);
    server.bytesRead(null, remote, 1);
    server.bytesWritten(null, remote, 1);
    server.exceptionOccurred(null, remote, new IOException("gone"));
    server.disconnected(null, remote);
    assertThat(server.requestBegin(null, null)).isNotNull();
  }

  /** An answer may be read before it is counted. */
  private void bothTellTheSame() {
    Await.until(
        "both are at rest",
        () ->
            Stream.of(ours, vertx)
                .allMatch(side -> side.told().contains(SERVER + "active_connections 0.0")));
    assertThat(ours.told()).isEqualTo(vertx.told());
  }

  /** A server that answers the status in the path, or never, and what its metrics tell. */
  private record Side(Supplier<String> scrape, Vertx vertx, int port) implements AutoCloseable {

    static Side ours() {
      NodeMetrics node = new NodeMetrics();
      return start(node, node.vertxFactory(), () -> node.exposition().result());
    }

    static Side ofVertx() {
      var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      return start(new NodeMetrics(), new MicrometerMetricsFactory(registry), registry::scrape);
    }

    private static Side start(
        NodeMetrics node, VertxMetricsFactory factory, Supplier<String> scrape) {
      Vertx vertx =
          Vertx.builder()
              .with(new VertxOptions().setMetricsOptions(node.vertxOptions()))
              .withMetrics(factory)
              .build();
      int port =
          vertx
              .createHttpServer()
              .requestHandler(Side::answer)
              .listen(0, "127.0.0.1")
              .await()
              .actualPort();
      return new Side(scrape, vertx, port);
    }

    private static void answer(HttpServerRequest request) {
      String path = request.uri().replaceFirst("^/(\\w+).*", "$1");
      if (!path.equals("never")) {
        request.response().setStatusCode(Integer.parseInt(path)).end("an answer of " + path);
      }
    }

    void ask(String line, String body, String expected) throws IOException {
      try (Socket socket = begin(line, body)) {
        byte[] answer = socket.getInputStream().readNBytes(expected.length());
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo(expected);
      }
    }

    Socket begin(String line, String body) throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      String head = line + "\r\nHost: here\r\nContent-Length: " + body.length() + "\r\n\r\n";
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
      return socket;
    }

    /** All that is told of the server, but for times, and for sizes, which ours does not keep. */
    Set<String> told() {
      return lines()
          .filter(line -> !line.contains("_seconds_sum") && !line.contains("_seconds_max"))
          .filter(line -> !line.contains("request_bytes") && !line.contains("response_bytes"))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The longest time that was told. */
    double seconds() {
      return lines()
          .filter(line -> line.contains("_seconds_max{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .max()
          .orElse(0);
    }

    private Stream<String> lines() {
      return scrape
          .get()
          .lines()
          .filter(line -> line.replaceFirst("# (HELP|TYPE) ", "").startsWith(SERVER));
    }

    @Override
    public void close() {
      vertx.close().await();
    }
  }
}
