package dev.evertoken.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A DNS server on a UDP port of loopback (RFC 1035) that knows a few names, all of them of
 * 127.0.0.1 and good for a second, and that can be made useless.
 */
public final class NameServer implements AutoCloseable {

  /** How it answers; all but the first are ways of being no help. */
  public enum Mode {
    ANSWERS(0),
    IS_SILENT(-1),
    FAILS(2),
    KNOWS_NO_NAME(3),
    REFUSES(5);

    private final int code;

    Mode(int code) {
      this.code = code;
    }
  }

  private static final int HEADER = 12;
  private static final int PACKET = 512;
  private static final short IPV4 = 1;

  /** Points to the name of the question; type A, class IN, one second, four bytes. */
  private static final byte[] LOOPBACK = {
    (byte) 0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1
  };

  private final DatagramSocket socket;
  private final List<String> names;
  private final AtomicInteger questions = new AtomicInteger();
  private final Map<String, Integer> byName = new ConcurrentHashMap<>();
  private volatile Mode mode = Mode.ANSWERS;

  private NameServer(DatagramSocket socket, List<String> names) {
    this.socket = socket;
    this.names = names;
  }

  /** Starts one that knows these names. */
  public static NameServer of(String... names) {
    try {
      var server =
          new NameServer(new DatagramSocket(0, InetAddress.getLoopbackAddress()), List.of(names));
      Thread.ofVirtual().name("name-server").start(server::serve);
      return server;
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From the next question on. */
  public NameServer mode(Mode changed) {
    mode = changed;
    return this;
  }

  /** Where it listens, as {@code 127.0.0.1:port}. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** How often it was asked, answered or not. */
  public int questions() {
    return questions.get();
  }

  /** How often it was asked for that name, and did not stay silent. */
  public int questions(String name) {
    return byName.getOrDefault(name, 0);
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        DatagramPacket question = new DatagramPacket(new byte[PACKET], PACKET);
        socket.receive(question);
        questions.incrementAndGet();
        if (mode != Mode.IS_SILENT) {
          byte[] answer = answer(ByteBuffer.wrap(question.getData()));
          socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
        }
      } catch (IOException closed) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(closed);
        }
      }
    }
  }

  private byte[] answer(ByteBuffer question) {
    String name = name(question.position(HEADER));
    byName.merge(name, 1, Integer::sum);
    boolean address = question.getShort() == IPV4;
    int end = question.position() + Short.BYTES;
    int code = mode == Mode.ANSWERS && !names.contains(name) ? 3 : mode.code;
    boolean found = code == 0 && address;
    ByteBuffer answer = ByteBuffer.allocate(end + (found ? LOOPBACK.length : 0));
    answer.put(question.slice(0, end));
    if (found) {
      answer.put(LOOPBACK);
    }
    return answer
        .putShort(2, (short) (0x8180 | code))
        .putShort(6, (short) (found ? 1 : 0))
        .putInt(8, 0)
        .array();
  }

  private static String name(ByteBuffer from) {
    StringJoiner name = new StringJoiner(".");
    for (int length = from.get(); length > 0; length = from.get()) {
      byte[] label = new byte[length];
      from.get(label);
      name.add(new String(label, StandardCharsets.US_ASCII));
    }
    return name.toString();
  }
}
