package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Secret;
import io.netty.channel.Channel;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's part of a connection: TLS where its kind says so, then CONNECT or SOCKS5. Its steps
 * have no deadlines: who waits for them has.
 */
final class Tunnel {

  private final ProxyHandler handshake;
  private final @Nullable SslHandler tls;

  private Tunnel(ProxyHandler handshake, @Nullable SslHandler tls) {
    this.handshake = handshake;
    this.tls = tls;
  }

  /** Takes its place in a channel that is about to connect. */
  static Tunnel in(Channel channel, Proxy proxy, InetSocketAddress address, Tls ours) {
    SslHandler tls =
        proxy.kind() == ProxyKind.HTTPS ? ours.handler(channel, proxy.host(), proxy.port()) : null;
    ProxyHandler handshake = handshake(proxy, address);
    handshake.setConnectTimeoutMillis(0);
    if (tls != null) {
      channel.pipeline().addLast(tls);
    }
    channel.pipeline().addLast(handshake);
    return new Tunnel(handshake, tls);
  }

  /** The TLS handshake with the proxy, where there is one. */
  @Nullable Future<Channel> secured() {
    return tls == null ? null : tls.handshakeFuture();
  }

  /** The proxy's word that bytes now reach the target. */
  Future<Channel> standing() {
    return handshake.connectFuture();
  }

  private static ProxyHandler handshake(Proxy proxy, InetSocketAddress address) {
    String user = proxy.user();
    Secret password = proxy.password();
    String word = password == null ? "" : password.reveal();
    if (user == null) {
      return proxy.kind() == ProxyKind.SOCKS5
          ? new Socks5ProxyHandler(address)
          : new HttpProxyHandler(address);
    }
    return proxy.kind() == ProxyKind.SOCKS5
        ? new Socks5ProxyHandler(address, bytes(user), bytes(word))
        : new HttpProxyHandler(address, user, word);
  }

  /** Text whose characters are the bytes of UTF-8: Netty writes one byte for a character. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
