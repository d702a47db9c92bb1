package dev.evertoken.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on loopback (HTTP, HTTPS or SOCKS5) that works, or misbehaves as told.
 *
 * <p>It counts dials and remembers the targets it was asked for. Safe for use by several threads.
 */
public final class FakeProxy implements AutoCloseable {
  /** What it does with a caller. */
  public enum Mode {
    /** Its job. */
    FINE,
    /** Accepts the connection and neither reads nor answers. */
    SILENT,
    /** Reads what is wanted and never answers. */
    UNANSWERED,
    /** Wants other credentials: 407, or the SOCKS5 login fails. */
    DENIED,
    /** Says that the target cannot be reached: 503 or SOCKS5's 4, or what it was told to say. */
    FAILING,
    /** Answers with nonsense. */
    GARBAGE,
    /** Closes the connection instead of answering. */
    DROPPED
  }

  /** The proxy's side of a protocol. */
  interface Protocol {
    /**
     * Finds out the target, then answers as the mode wants and leaves a joined pair, or nothing.
     */
    void serve(Socket client, FakeProxy proxy) throws IOException;
  }

  private final String scheme;
  private final Protocol protocol;
  private final @Nullable Login login;
  private final Listener listener;
  private final List<String> targets = new CopyOnWriteArrayList<>();
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  private volatile Mode mode = Mode.FINE;
  private volatile Duration delay = Duration.ZERO;
  private volatile String refusal = "503 Service Unavailable";
  private volatile int refusalCode = 4;
  private volatile String welcome = "HTTP/1.1 200 Connection established\r\n\r\n";
  private volatile int loginVersion = 1;

  private FakeProxy(
      String scheme, Protocol protocol, @Nullable Login login, Listener.Sockets sockets) {
    this.scheme = scheme;
    this.protocol = protocol;
    this.login = login;
    try {
      this.listener = new Listener(sockets, this::serve);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An HTTP proxy without login. */
  public static FakeProxy http() {
    return new FakeProxy("http", new HttpProxyProtocol(), null, ServerSocket::new);
  }

  /** An HTTP proxy that wants a login. */
  public static FakeProxy http(String user, String password) {
    return new FakeProxy(
        "http", new HttpProxyProtocol(), new Login(user, password), ServerSocket::new);
  }

  /** An HTTP proxy that is reached by TLS with {@link TestCertificate#shared}. */
  public static FakeProxy https() {
    return overTls(null);
  }

  /** The same with a login. */
  public static FakeProxy https(String user, String password) {
    return overTls(new Login(user, password));
  }

  private static FakeProxy overTls(@Nullable Login login) {
    var sockets = TestCertificate.shared().context().getServerSocketFactory();
    return new FakeProxy("https", new HttpProxyProtocol(), login, sockets::createServerSocket);
  }

  /** A SOCKS5 proxy without login. */
  public static FakeProxy socks5() {
    return new FakeProxy("socks5", new Socks5Protocol(), null, ServerSocket::new);
  }

  /** A SOCKS5 proxy that wants a login. */
  public static FakeProxy socks5(String user, String password) {
    return new FakeProxy(
        "socks5", new Socks5Protocol(), new Login(user, password), ServerSocket::new);
  }

  /** Its address with its login, as an account's proxy would name it. */
  public String url() {
    String user = login == null ? "" : login.user() + ":" + login.password() + "@";
    return scheme + "://" + user + "127.0.0.1:" + port();
  }

  public int port() {
    return listener.port();
  }

  /** What it does from now on; the port opens again if it was closed. */
  public void mode(Mode changed) {
    mode = changed;
    try {
      listener.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers every CONNECT with that status from now on. */
  public void failWith(String status) {
    refusal = status;
    mode(Mode.FAILING);
  }

  /** Answers every request of SOCKS5 with that code from now on. */
  public void failWith(int code) {
    refusalCode = code;
    mode(Mode.FAILING);
  }

  /** The whole of what it says to CONNECT when the tunnel stands. */
  public void welcomeWith(String head) {
    welcome = head;
  }

  /** The version with which SOCKS5's logins are answered; 1 is right, some servers say 5. */
  public void loginVersion(int changed) {
    loginVersion = changed;
  }

  /** How long its answer takes from now on. */
  public void answerAfter(Duration changed) {
    delay = changed;
  }

  /** Refuses connections from now on, and resets those there are. */
  public void refuse() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private void cut() {
    for (Socket client : clients) {
      try (client) {
        client.setSoLinger(true, 0);
      } catch (IOException e) {
        // It is gone already.
      }
    }
    clients.clear();
  }

  private void serve(Socket client) {
    clients.removeIf(Socket::isClosed);
    clients.add(client);
    if (mode == Mode.SILENT) {
      return;
    }
    try {
      protocol.serve(client, this);
    } catch (IOException e) {
      close(client);
    }
  }

  private static void close(Socket client) {
    try {
      client.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  Mode mode() {
    return mode;
  }

  String refusal() {
    return refusal;
  }

  int refusalCode() {
    return refusalCode;
  }

  String welcome() {
    return welcome;
  }

  int loginVersion() {
    return loginVersion;
  }

  boolean admits(@Nullable Login given) {
    return mode != Mode.DENIED && (login == null || login.equals(given));
  }

  boolean wantsLogin() {
    return login != null;
  }

  void asked(String target) {
    targets.add(target);
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void join(Socket client, Socket target) {
    clients.add(target);
    new Pipe(client, target, (direction, count) -> {}).run();
  }

  /** Connections so far. */
  public int dials() {
    return listener.connections();
  }

  /** The targets asked for, as {@code host:port}, in order. */
  public List<String> targets() {
    return List.copyOf(targets);
  }

  @Override
  public void close() {
    refuse();
  }
}
