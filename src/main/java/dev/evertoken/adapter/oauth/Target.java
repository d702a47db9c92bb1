package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.UrlAuthority;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;

/** Where an exchange ends: host, port and whether TLS is spoken there. */
record Target(String host, int port, boolean tls) {

  static Target of(URI uri) {
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    UrlAuthority authority =
        UrlAuthority.of(uri).orElseThrow(() -> new IllegalArgumentException("a URL with a host"));
    return new Target(
        authority.host(), authority.port() < 0 ? (tls ? 443 : 80) : authority.port(), tls);
  }

  /** Whether the host is an address, so that no proxy has to resolve it. */
  boolean isAddress() {
    return host.contains(":") || NetUtil.isValidIpV4Address(host);
  }

  /** The address that the host is, without the zone that only means something on this machine. */
  InetAddress address() {
    return InetAddress.ofLiteral(host.replaceFirst("%.*", ""));
  }

  /** As CONNECT names it (RFC 9110, section 9.3.6). */
  String authority() {
    return new UrlAuthority(null, host, port).toString();
  }
}
