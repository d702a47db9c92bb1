package dev.evertoken.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A TCP proxy on loopback that can delay, hold, cut and refuse what goes through it.
 *
 * <p>Faults stay until {@link #restore}; bytes that were held go on then. Safe for use by several
 * threads.
 */
public final class TcpFaultProxy implements AutoCloseable {
  private final String host;
  private final int serverPort;
  private final Listener listener;
  private final List<Pipe> pipes = new CopyOnWriteArrayList<>();
  private final Object monitor = new Object();
  private final Set<Direction> stalled = EnumSet.noneOf(Direction.class);
  private final Map<Direction, Long> passed = new EnumMap<>(Direction.class);
  private final Map<Direction, Long> allowance = new EnumMap<>(Direction.class);
  private final Map<Integer, NavigableSet<Instant>> joined = new ConcurrentHashMap<>();
  private Duration latency = Duration.ZERO;

  private TcpFaultProxy(String host, int serverPort) throws IOException {
    this.host = host;
    this.serverPort = serverPort;
    this.listener = new Listener(ServerSocket::new, this::join);
  }

  /** A proxy for {@code host:port}, listening on a free port. */
  public static TcpFaultProxy to(String host, int port) {
    try {
      return new TcpFaultProxy(host, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A proxy for the host and port of an address. */
  public static TcpFaultProxy to(String uri) {
    URI address = URI.create(uri);
    return to(address.getHost(), address.getPort());
  }

  /** The same address, but through this proxy. */
  public String through(String uri) {
    URI address = URI.create(uri);
    return uri.replace(
        address.getHost() + ":" + address.getPort(), "127.0.0.1:" + Integer.toString(port()));
  }

  /** Where it listens on 127.0.0.1; the same after {@link #restore}. */
  public int port() {
    return listener.port();
  }

  private void join(Socket client) {
    try {
      var server = new Socket(host, serverPort);
      joined
          .computeIfAbsent(server.getLocalPort(), port -> new ConcurrentSkipListSet<>())
          .add(Instant.now());
      var pipe = new Pipe(client, server, this::pass);
      pipes.removeIf(old -> !old.isOpen());
      pipes.add(pipe);
      pipe.run();
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  private void pass(Direction direction, int count) throws IOException {
    try {
      Duration delay = delay();
      if (!delay.isZero()) {
        Thread.sleep(delay);
      }
      admit(direction, count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private Duration delay() {
    synchronized (monitor) {
      return latency;
    }
  }

  private void admit(Direction direction, int count) throws IOException, InterruptedException {
    synchronized (monitor) {
      while (stalled.contains(direction)) {
        monitor.wait();
      }
      long left = allowance.getOrDefault(direction, Long.MAX_VALUE) - count;
      if (left < 0) {
        throw new IOException("The allowance is used up");
      }
      allowance.computeIfPresent(direction, (d, old) -> left);
      passed.merge(direction, (long) count, Long::sum);
    }
  }

  /** Every chunk of bytes takes that much longer, each way. */
  public void latency(Duration added) {
    synchronized (monitor) {
      latency = added;
    }
  }

  /** Bytes of this direction stop and wait; connections are still accepted. */
  public void stall(Direction direction) {
    synchronized (monitor) {
      stalled.add(direction);
    }
  }

  /** Connections are accepted, and nothing passes either way. */
  public void blackHole() {
    stall(Direction.TO_SERVER);
    stall(Direction.TO_CLIENT);
  }

  /**
   * A connection that would bring the bytes of this direction above {@code bytes} is reset instead.
   */
  public void cutAfter(Direction direction, long bytes) {
    synchronized (monitor) {
      allowance.put(direction, bytes);
    }
  }

  /** Resets every connection there is; new ones are welcome. */
  public void cut() {
    pipes.forEach(Pipe::reset);
    pipes.clear();
  }

  /** Tells the receivers of this direction that nothing more will come. */
  public void halfClose(Direction direction) {
    pipes.stream().filter(Pipe::isOpen).forEach(pipe -> halfClose(pipe, direction));
  }

  private static void halfClose(Pipe pipe, Direction direction) {
    try {
      pipe.halfClose(direction);
    } catch (IOException e) {
      // It ended in between.
    }
  }

  /** Connections are refused from now on, those there are live on. */
  public void stopAccepting() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server looks dead: connections reset, new ones refused. */
  public void down() {
    stopAccepting();
    cut();
  }

  /** Ends every fault. */
  public void restore() {
    synchronized (monitor) {
      stalled.clear();
      allowance.clear();
      latency = Duration.ZERO;
      monitor.notifyAll();
    }
    try {
      listener.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connections accepted so far. */
  public int connections() {
    return listener.connections();
  }

  /** Connections that are open now. */
  public long openConnections() {
    return pipes.stream().filter(Pipe::isOpen).count();
  }

  /**
   * When it had last opened a connection to the server from that port of its own, at that time;
   * empty: never before.
   */
  public Optional<Instant> joinedFrom(int localPort, Instant at) {
    return Optional.ofNullable(joined.get(localPort)).map(times -> times.floor(at));
  }

  /** Bytes that went through so far. */
  public long bytes(Direction direction) {
    synchronized (monitor) {
      return passed.getOrDefault(direction, 0L);
    }
  }

  @Override
  public void close() {
    down();
    synchronized (monitor) {
      stalled.clear();
      monitor.notifyAll();
    }
  }
}
