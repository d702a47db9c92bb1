package dev.evertoken.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port on loopback whose TCP handshake is never answered, as behind a firewall that drops.
 *
 * <p>Its queue of connections is full and nobody accepts one: Linux then drops every further SYN.
 */
public final class SynBlackHole implements AutoCloseable {
  private static final int PROOF_MS = 300;

  private final ServerSocket listener;
  private final List<Socket> fillers;

  private SynBlackHole(ServerSocket listener, List<Socket> fillers) {
    this.listener = listener;
    this.fillers = fillers;
  }

  /** Opens one and makes sure that a connect really hangs. */
  public static SynBlackHole open() {
    try {
      var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      return new SynBlackHole(listener, fill(listener.getLocalPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Socket> fill(int port) throws IOException {
    List<Socket> fillers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      var filler = new Socket();
      try {
        filler.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROOF_MS);
        fillers.add(filler);
      } catch (SocketTimeoutException full) {
        filler.close();
        return fillers;
      }
    }
    throw new IOException("The queue of a listening socket has no end on this machine");
  }

  /** Where nothing answers, on 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    try (listener) {
      for (Socket filler : fillers) {
        filler.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
