package dev.evertoken.adapter.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConnectFaultTest {

  /** As Netty throws them, by the JDK's sockets and by its own. */
  static Stream<Throwable> exhaustion() {
    return Stream.of(
        new ChannelException(
            "Failed to open a socket.", new SocketException("Too many open files")),
        new ChannelException(
            new IOException("newSocketStream(..) failed with error(-24): Too many open files")),
        new IOException("newSocketStream(..) failed: Too many open files in system"),
        new SocketException("No buffer space available"),
        new SocketException("Cannot allocate memory: /192.0.2.1:443"),
        new BindException("Cannot assign requested address: /192.0.2.1:443"),
        new OutOfMemoryError("Cannot reserve 4096 bytes of direct buffer memory"),
        unknown(new SocketException("Too many open files")));
  }

  private static Throwable unknown(Throwable cause) {
    return new UnknownHostException("provider.test").initCause(cause);
  }

  @ParameterizedTest
  @MethodSource("exhaustion")
  void aMachineAtItsEndIsNobodyElsesFault(Throwable cause) {
    for (Blame otherwise : new Blame[] {Blame.PROXY, Blame.ROUTE}) {
      assertThat(ConnectFault.of(otherwise, cause).blame()).isEqualTo(Blame.OURSELVES);
    }
  }

  @Test
  void otherFailuresAreBlamedAsTheStepSays() {
    Throwable refused = new ConnectException("Connection refused: /192.0.2.1:443");

    assertThat(ConnectFault.of(Blame.PROXY, refused).blame()).isEqualTo(Blame.PROXY);
    assertThat(ConnectFault.of(Blame.ROUTE, refused).blame()).isEqualTo(Blame.ROUTE);
  }

  @Test
  void aFailureThatIsToldAlreadyStaysAsItIs() {
    ConnectFailure denied = ConnectFault.denied(true);

    assertThat(ConnectFault.of(Blame.PROXY, denied)).isSameAs(denied);
    assertThat(denied.blame()).isEqualTo(Blame.DENIED);
  }
}
