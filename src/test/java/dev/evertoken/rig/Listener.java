package dev.evertoken.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A port on loopback that can be closed and opened again. */
final class Listener implements AutoCloseable {
  /** Makes an unbound server socket. */
  interface Sockets {
    ServerSocket unbound() throws IOException;
  }

  private final Sockets sockets;
  private final Consumer<Socket> accepted;
  private final AtomicInteger connections = new AtomicInteger();
  private @Nullable ServerSocket socket;
  private @Nullable Thread acceptor;
  private int port;

  Listener(Sockets sockets, Consumer<Socket> accepted) throws IOException {
    this.sockets = sockets;
    this.accepted = accepted;
    open();
  }

  synchronized void open() throws IOException {
    if (socket != null) {
      return;
    }
    ServerSocket fresh = sockets.unbound();
    fresh.setReuseAddress(true);
    fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
    port = fresh.getLocalPort();
    socket = fresh;
    acceptor = Thread.ofVirtual().start(() -> accept(fresh));
  }

  private void accept(ServerSocket from) {
    try {
      while (!from.isClosed()) {
        Socket connection = from.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> accepted.accept(connection));
      }
    } catch (SocketException e) {
      // Closed.
    } catch (IOException e) {
      throw new IllegalStateException("The listener broke", e);
    }
  }

  /** From now on a connection is refused. */
  @Override
  public synchronized void close() throws IOException {
    if (socket == null || acceptor == null) {
      return;
    }
    socket.close();
    socket = null;
    try {
      // The port is closed only when the thread that accepts has noticed.
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  synchronized int port() {
    return port;
  }

  /** How many connections were accepted so far. */
  int connections() {
    return connections.get();
  }
}
