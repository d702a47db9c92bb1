import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A port whose backlog is full: whoever dials it gets no answer. */
final class BlackHole implements AutoCloseable {

  private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final List<Socket> waiting = new ArrayList<>();

  BlackHole() throws Exception {
    for (int i : IntStream.range(0, 8).toArray()) {
      Socket one = new Socket();
      waiting.add(one);
      try {
        one.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()), 300);
      } catch (java.net.SocketTimeoutException full) {
        return;
      }
    }
    throw new IllegalStateException("The backlog does not fill.");
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    for (Socket one : waiting) {
      one.close();
    }
    socket.close();
  }
}
