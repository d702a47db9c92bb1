package dev.evertoken.adapter.oauth;

import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why nothing could be sent, in words of our own: what others say may hold addresses and passwords.
 */
final class ConnectFault {

  private static final int DEEPEST_CAUSE = 10;

  /**
   * What Linux says when this machine is at its end: EMFILE, ENFILE, ENOBUFS, ENOMEM and
   * EADDRNOTAVAIL (no free port). The JDK and Netty's native transport both repeat it, and neither
   * has a type for it.
   */
  private static final List<String> EXHAUSTED =
      List.of(
          "too many open files",
          "no buffer space available",
          "cannot allocate memory",
          "cannot assign requested address",
          "can't assign requested address");

  private ConnectFault() {}

  /**
   * The failure that a cause amounts to.
   *
   * @param blame who is at fault unless the cause says otherwise
   */
  static ConnectFailure of(Blame blame, Throwable cause) {
    if (cause instanceof ConnectFailure told) {
      return told;
    }
    return causedBy(cause, ConnectFault::exhausted)
        ? new ConnectFailure(
            Blame.OURSELVES, "this process has no descriptors, ports or memory left")
        : told(blame, why(cause));
  }

  static ConnectFailure denied(boolean ofProxy) {
    return new ConnectFailure(
        Blame.DENIED,
        (ofProxy ? "proxy: " : "provider: ") + "the address is denied by egress.deny");
  }

  /** The proxy refused, or does not speak its protocol. */
  static ConnectFailure proxy(String why) {
    return told(Blame.PROXY, why);
  }

  /** The proxy works, and says that it will not or cannot reach this target. */
  static ConnectFailure behindProxy(String answer) {
    return told(Blame.ROUTE, "the proxy answered " + answer);
  }

  private static ConnectFailure told(Blame blame, String why) {
    return new ConnectFailure(blame, (blame == Blame.PROXY ? "proxy: " : "provider: ") + why);
  }

  private static String why(Throwable top) {
    if (causedBy(top, CertificateException.class::isInstance)) {
      return "the certificate is not trusted";
    }
    if (causedBy(top, SSLException.class::isInstance)) {
      return "the TLS handshake failed";
    }
    return switch (top) {
      case UnknownHostException unknown -> "the name cannot be resolved";
      case TimeoutException late -> "timed out";
      case ConnectTimeoutException late -> "timed out";
      case ConnectException refused -> "the connection was refused";
      case IOException broken -> "the connection broke";
      default -> "the connection failed";
    };
  }

  private static boolean exhausted(Throwable cause) {
    String message = cause.getMessage();
    return cause instanceof OutOfMemoryError
        || (cause instanceof IOException
            && message != null
            && EXHAUSTED.stream().anyMatch(message.toLowerCase(Locale.ROOT)::contains));
  }

  private static boolean causedBy(@Nullable Throwable top, Predicate<Throwable> test) {
    Throwable cause = top;
    for (int i = 0; cause != null && i < DEEPEST_CAUSE; i++, cause = cause.getCause()) {
      if (test.test(cause)) {
        return true;
      }
    }
    return false;
  }
}
