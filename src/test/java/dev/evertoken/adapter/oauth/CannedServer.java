package dev.evertoken.adapter.oauth;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server on loopback that gives every caller the same bytes, and keeps what it heard. */
final class CannedServer implements AutoCloseable {

  /** When the bytes are sent; those that were asked for are the last. */
  enum When {
    ASKED,
    /** The connection is left open. */
    ASKED_AND_OPEN,
    CONNECTED
  }

  private final ServerSocket listener;
  private final byte[] bytes;
  private final When when;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch firstCallerLeft = new CountDownLatch(1);

  private CannedServer(String bytes, When when) {
    this.bytes = bytes.getBytes(StandardCharsets.ISO_8859_1);
    this.when = when;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Sends the bytes when it was asked, and ends the connection. */
  static CannedServer answering(String bytes) {
    return new CannedServer(bytes, When.ASKED);
  }

  /** Sends the bytes when it was asked, and leaves it to the caller to end the connection. */
  static CannedServer leavingOpen(String bytes) {
    return new CannedServer(bytes, When.ASKED_AND_OPEN);
  }

  /** Sends the bytes without being asked, and leaves it to the caller to end the connection. */
  static CannedServer blurting(String bytes) {
    return new CannedServer(bytes, When.CONNECTED);
  }

  /** Says nothing, and leaves it to the caller to end the connection. */
  static CannedServer silent() {
    return blurting("");
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/token");
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  /** Returns when the first caller has ended its connection. */
  void awaitLeave() throws InterruptedException {
    if (!firstCallerLeft.await(Outside.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the caller's connection is still open");
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = listener.accept();
        Thread.ofVirtual().start(() -> serve(caller));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket caller) {
    try (caller) {
      if (when != When.CONNECTED) {
        requests.add(request(caller.getInputStream()));
      }
      caller.getOutputStream().write(bytes);
      if (when == When.ASKED) {
        caller.shutdownOutput();
      }
      caller.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The caller left early.
    } finally {
      firstCallerLeft.countDown();
    }
  }

  private static String request(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    int length =
        Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
