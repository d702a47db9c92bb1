package dev.evertoken.adapter.oauth;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Our side of TLS, to targets and proxies: 1.2 or newer, the name checked against the certificate.
 */
final class Tls {

  private final SslContext context;

  private Tls(SslContext context) {
    this.context = context;
  }

  static Tls trusting(@Nullable Path caFile) {
    try {
      return new Tls(
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .trustManager(Authorities.trusted(caFile))
              .endpointIdentificationAlgorithm("HTTPS")
              .build());
    } catch (SSLException e) {
      throw new IllegalArgumentException("no TLS with the authorities of " + caFile, e);
    }
  }

  /**
   * A handler whose handshake has no deadline of its own: who waits for it has one. Whoever waits
   * for it also has {@link CertificateNames#check} look at the certificate.
   */
  SslHandler handler(Channel channel, String host, int port) {
    SslHandler handler = context.newHandler(channel.alloc(), host, port);
    handler.setHandshakeTimeoutMillis(0);
    if (CertificateNames.mustBeCheckedByUs(host)) {
      SSLParameters parameters = handler.engine().getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("");
      handler.engine().setSSLParameters(parameters);
    }
    return handler;
  }
}
