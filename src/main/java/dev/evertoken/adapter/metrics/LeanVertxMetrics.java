package dev.evertoken.adapter.metrics;

import dev.evertoken.adapter.metrics.HttpServerMeters.Request;
import io.vertx.core.Vertx;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.ClientMetrics;
import io.vertx.core.spi.metrics.DatagramSocketMetrics;
import io.vertx.core.spi.metrics.EventBusMetrics;
import io.vertx.core.spi.metrics.HttpClientMetrics;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.TCPMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of Vert.x as they are, but for the requests to HTTP servers, which are counted by
 * {@link HttpServerMeters}.
 */
record LeanVertxMetrics(VertxMetrics all, HttpServerMeters meters) implements VertxMetrics {

  @Override
  public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
      HttpServerOptions options, SocketAddress address) {
    return new Server<>(all.createHttpServerMetrics(options, address), meters);
  }

  /**
   * Connections by Vert.x's metrics, requests by ours; there are no web sockets and no pushes.
   *
   * <p>A connection may have no metric: Vert.x takes the first ones before a server has its metrics
   * (decision 12).
   */
  private record Server<S>(HttpServerMetrics<?, ?, S> connections, HttpServerMeters meters)
      implements HttpServerMetrics<Request, Void, S> {

    @Override
    public Request requestBegin(@Nullable S socket, HttpRequest request) {
      return meters.begin();
    }

    @Override
    public void requestEnd(Request metric, HttpRequest request, long bytes) {
      meters.requestEnd(metric);
    }

    @Override
    public void requestReset(Request metric) {
      meters.reset(metric);
    }

    @Override
    public void responseEnd(Request metric, HttpResponse response, long bytes) {
      meters.responseEnd(metric, response.statusCode());
    }

    @Override
    public S connected(SocketAddress remote, String name) {
      return connections.connected(remote, name);
    }

    @Override
    public void disconnected(@Nullable S socket, SocketAddress remote) {
      if (socket != null) {
        connections.disconnected(socket, remote);
      }
    }

    @Override
    public void bytesRead(@Nullable S socket, SocketAddress remote, long bytes) {
      if (socket != null) {
        connections.bytesRead(socket, remote, bytes);
      }
    }

    @Override
    public void bytesWritten(@Nullable S socket, SocketAddress remote, long bytes) {
      if (socket != null) {
        connections.bytesWritten(socket, remote, bytes);
      }
    }

    @Override
    public void exceptionOccurred(@Nullable S socket, SocketAddress remote, Throwable failure) {
      if (socket != null) {
        connections.exceptionOccurred(socket, remote, failure);
      }
    }

    @Override
    public void close() {
      connections.close();
    }
  }

  @Override
  public EventBusMetrics<?> createEventBusMetrics() {
    return all.createEventBusMetrics();
  }

  @Override
  public ClientMetrics<?, ?, ?> createClientMetrics(
      SocketAddress remote, String type, String namespace) {
    return all.createClientMetrics(remote, type, namespace);
  }

  @Override
  public HttpClientMetrics<?, ?, ?> createHttpClientMetrics(HttpClientOptions options) {
    return all.createHttpClientMetrics(options);
  }

  @Override
  public TCPMetrics<?> createNetServerMetrics(NetServerOptions options, SocketAddress address) {
    return all.createNetServerMetrics(options, address);
  }

  @Override
  public TCPMetrics<?> createNetClientMetrics(NetClientOptions options) {
    return all.createNetClientMetrics(options);
  }

  @Override
  public DatagramSocketMetrics createDatagramSocketMetrics(DatagramSocketOptions options) {
    return all.createDatagramSocketMetrics(options);
  }

  @Override
  public PoolMetrics<?, ?> createPoolMetrics(String type, String name, int size) {
    return all.createPoolMetrics(type, name, size);
  }

  @Override
  public void vertxCreated(Vertx vertx) {
    all.vertxCreated(vertx);
  }

  @Override
  public boolean isMetricsEnabled() {
    return all.isMetricsEnabled();
  }

  @Override
  public void close() {
    all.close();
  }
}
