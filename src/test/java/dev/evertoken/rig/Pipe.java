package dev.evertoken.rig;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Two sockets joined; what is read from one is written to the other, in threads of their own. */
final class Pipe implements Closeable {
  /** What happens to bytes on their way. */
  interface Passage {
    /** Returns when {@code count} bytes may go on; throws to cut both sockets. */
    void pass(Direction direction, int count) throws IOException;
  }

  private final Socket client;
  private final Socket server;
  private final Passage passage;
  private final AtomicInteger ended = new AtomicInteger();

  Pipe(Socket client, Socket server, Passage passage) {
    this.client = client;
    this.server = server;
    this.passage = passage;
  }

  void run() {
    Thread.ofVirtual().start(() -> pump(client, server, Direction.TO_SERVER));
    Thread.ofVirtual().start(() -> pump(server, client, Direction.TO_CLIENT));
  }

  /** An end of one direction is passed on, and the other goes on until its own. */
  private void pump(Socket from, Socket to, Direction direction) {
    var buffer = new byte[16 * 1024];
    try {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        passage.pass(direction, count);
        out.write(buffer, 0, count);
        out.flush();
      }
      to.shutdownOutput();
      if (ended.incrementAndGet() == 2) {
        close();
      }
    } catch (IOException | UnsupportedOperationException e) {
      reset();
    }
  }

  /** Tells one side that nothing more will come, and goes on the other way. */
  void halfClose(Direction direction) throws IOException {
    (direction == Direction.TO_CLIENT ? client : server).shutdownOutput();
  }

  /** Both sides meet a connection reset. */
  void reset() {
    reset(client);
    reset(server);
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is gone already.
    }
  }

  boolean isOpen() {
    return !client.isClosed() && !server.isClosed();
  }

  /** Both sides meet an orderly end. */
  @Override
  public void close() throws IOException {
    try (client) {
      server.close();
    }
  }
}
