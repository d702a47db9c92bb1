package dev.evertoken.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TcpFaultProxyTest {
  private Echo echo;
  private TcpFaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new Echo();
    proxy = TcpFaultProxy.to("127.0.0.1", echo.port());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void passesAndCountsBytesBothWays() throws IOException {
    try (Socket socket = Echo.connect(proxy.port())) {
      assertThat(Echo.say(socket, "hello")).isEqualTo("hello");
      assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(5);
      assertThat(proxy.bytes(Direction.TO_CLIENT)).isEqualTo(5);
      assertThat(proxy.connections()).isEqualTo(1);
      assertThat(proxy.openConnections()).isEqualTo(1);
    }
    Await.until("the connection is gone", () -> proxy.openConnections() == 0);
  }

  @Test
  void resetsWhatIsOpenAndWelcomesWhatIsNew() throws IOException {
    try (Socket cut = Echo.connect(proxy.port())) {
      Echo.say(cut, "a");
      proxy.cut();
      assertThatThrownBy(() -> Echo.say(cut, "b").charAt(0)).isInstanceOf(Exception.class);
    }
    try (Socket fresh = Echo.connect(proxy.port())) {
      assertThat(Echo.say(fresh, "c")).isEqualTo("c");
    }
  }

  @Test
  void holdsTheAnswerUntilItIsRestored() throws IOException {
    try (Socket socket = Echo.connect(proxy.port())) {
      proxy.stall(Direction.TO_CLIENT);
      socket.setSoTimeout(200);
      assertThatThrownBy(() -> Echo.say(socket, "held")).isInstanceOf(SocketTimeoutException.class);
      assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(4);
      assertThat(proxy.bytes(Direction.TO_CLIENT)).isZero();

      proxy.restore();

      socket.setSoTimeout(5_000);
      assertThat(Echo.hear(socket, 4)).isEqualTo("held");
    }
  }

  @Test
  void acceptsAndSwallowsAsABlackHole() throws IOException {
    proxy.blackHole();
    try (Socket socket = Echo.connect(proxy.port())) {
      socket.setSoTimeout(200);
      assertThatThrownBy(() -> Echo.say(socket, "x")).isInstanceOf(SocketTimeoutException.class);
      assertThat(proxy.bytes(Direction.TO_SERVER)).isZero();
    }
  }

  @Test
  void refusesUntilItIsRestoredOnTheSamePort() throws IOException {
    int port = proxy.port();
    try (Socket old = Echo.connect(port)) {
      Echo.say(old, "a");
      proxy.stopAccepting();
      assertThatThrownBy(() -> Echo.connect(port)).isInstanceOf(ConnectException.class);
      assertThat(Echo.say(old, "b")).isEqualTo("b");
    }
    proxy.down();
    proxy.restore();
    assertThat(proxy.port()).isEqualTo(port);
    try (Socket fresh = Echo.connect(port)) {
      assertThat(Echo.say(fresh, "c")).isEqualTo("c");
    }
  }

  @Test
  void cutsAfterTheBytesItWasAllowed() throws IOException {
    proxy.cutAfter(Direction.TO_CLIENT, 3);
    try (Socket socket = Echo.connect(proxy.port())) {
      assertThat(Echo.say(socket, "abc")).isEqualTo("abc");
      socket.getOutputStream().write('d');
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
    assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(4);
  }

  @Test
  void endsOneDirectionOnly() throws IOException {
    try (Socket socket = Echo.connect(proxy.port())) {
      Echo.say(socket, "a");
      proxy.halfClose(Direction.TO_CLIENT);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      socket.getOutputStream().write('b');
      Await.until("the byte passes", () -> proxy.bytes(Direction.TO_SERVER) == 2);
    }
  }

  @Test
  void putsItselfIntoAnAddress() {
    assertThat(proxy.through("redis://:pw@127.0.0.1:" + echo.port() + "/3"))
        .isEqualTo("redis://:pw@127.0.0.1:" + proxy.port() + "/3");
  }

  @Test
  void aSynBlackHoleMakesAConnectHang() throws IOException {
    try (SynBlackHole hole = SynBlackHole.open();
        Socket socket = new Socket()) {
      assertThatThrownBy(
              () ->
                  socket.connect(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), hole.port()), 1_500))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }
}
