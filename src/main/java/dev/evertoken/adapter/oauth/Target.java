package dev.evertoken.adapter.oauth;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.URI;

/** Where an exchange ends: host, port and whether TLS is spoken there. */
record Target(String host, int port, boolean tls) {

  static Target of(URI uri) {
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    return new Target(host, uri.getPort() < 0 ? (tls ? 443 : 80) : uri.getPort(), tls);
  }

  /** As a proxy is told: by name, so that it resolves the name; an address stays one. */
  InetSocketAddress forProxy() {
    return isAddress()
        ? new InetSocketAddress(host, port)
        : InetSocketAddress.createUnresolved(host, port);
  }

  boolean isAddress() {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }
}
