package dev.evertoken.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A DNS server on a UDP port of loopback (RFC 1035) that knows a few names, of 127.0.0.1 unless it
 * is told otherwise, good for a second, and that can be made useless.
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
  private static final short IPV6 = 28;

  /** Points to the name of the question. */
  private static final short SAME_NAME = (short) (0xc000 + HEADER);

  private final DatagramSocket socket;
  private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
  private final AtomicInteger questions = new AtomicInteger();
  private final Map<String, Integer> byName = new ConcurrentHashMap<>();
  private volatile Mode mode = Mode.ANSWERS;

  private NameServer(DatagramSocket socket, List<String> names) {
    this.socket = socket;
    names.forEach(name -> knows(name, "127.0.0.1"));
  }

  /** From the next question on: the addresses of a name, in that order. */
  public NameServer knows(String name, String... addresses) {
    names.put(name, Stream.of(addresses).map(InetAddress::ofLiteral).toList());
    return this;
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
    short type = question.getShort();
    int end = question.position() + Short.BYTES;
    int code = mode == Mode.ANSWERS && !names.containsKey(name) ? 3 : mode.code;
    List<InetAddress> found = code == 0 ? addresses(name, type) : List.of();
    ByteBuffer answer = ByteBuffer.allocate(PACKET);
    answer.put(question.slice(0, end));
    found.forEach(address -> put(answer, type, address.getAddress()));
    answer
        .putShort(2, (short) (0x8180 | code))
        .putShort(6, (short) found.size())
        .putInt(8, 0)
        .flip();
    byte[] bytes = new byte[answer.remaining()];
    answer.get(bytes);
    return bytes;
  }

  private List<InetAddress> addresses(String name, short type) {
    return names.getOrDefault(name, List.of()).stream()
        .filter(address -> type == (address instanceof Inet4Address ? IPV4 : IPV6))
        .toList();
  }

  /** One record: name, type, class IN, a life of one second, the address. */
  private static void put(ByteBuffer answer, short type, byte[] address) {
    answer
        .putShort(SAME_NAME)
        .putShort(type)
        .putShort((short) 1)
        .putInt(1)
        .putShort((short) address.length)
        .put(address);
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
