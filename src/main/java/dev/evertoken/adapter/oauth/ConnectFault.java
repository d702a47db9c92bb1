package dev.evertoken.adapter.oauth;

import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Why nothing could be sent, in words of our own: what others say may hold addresses and passwords.
 */
final class ConnectFault {

  /** What Netty says of a proxy's refusal: a status of HTTP, or SOCKS5's word for it. */
  private static final Pattern REFUSAL =
      Pattern.compile("\\bstatus: ([1-5][0-9]{2}|[A-Z_]{1,30})\\b");

  private static final int DEEPEST_CAUSE = 10;

  private ConnectFault() {}

  static ConnectFailure of(boolean proxyFault, Throwable cause) {
    return cause instanceof ConnectFailure told ? told : told(proxyFault, why(cause));
  }

  static ConnectFailure denied(boolean proxyFault) {
    return new ConnectFailure(
        Blame.DENIED, (proxyFault ? "proxy: " : "provider: ") + "the address is denied by egress.deny");
  }

  private static ConnectFailure told(boolean proxyFault, String why) {
    return new ConnectFailure(
        proxyFault ? Blame.PROXY : Blame.ROUTE, (proxyFault ? "proxy: " : "provider: ") + why);
  }

  private static String why(Throwable top) {
    if (causedBy(top, CertificateException.class)) {
      return "the certificate is not trusted";
    }
    if (causedBy(top, SSLException.class)) {
      return "the TLS handshake failed";
    }
    return switch (top) {
      case UnknownHostException unknown -> "the name cannot be resolved";
      case TimeoutException late -> "timed out";
      case ConnectTimeoutException late -> "timed out";
      case ProxyConnectException refused -> refusal(refused);
      case ConnectException refused -> "the connection was refused";
      case IOException broken -> "the connection broke";
      default -> "the connection failed";
    };
  }

  private static String refusal(ProxyConnectException cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("authStatus: ") || message.contains("authMethod: ")) {
      return "the login was refused";
    }
    Matcher said = REFUSAL.matcher(message);
    return said.find() ? "refused with " + said.group(1) : "no tunnel was given";
  }

  private static boolean causedBy(Throwable top, Class<? extends Throwable> type) {
    Throwable cause = top;
    for (int i = 0; cause != null && i < DEEPEST_CAUSE; i++, cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
