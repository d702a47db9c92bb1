package dev.evertoken.http;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;

/** The limits of the server; HTTP/1.1 only, so none of HTTP/2's floods concern it. */
final class ServerOptions {

  static final int MAX_REQUEST_LINE = 4096;
  static final int MAX_HEADER_BYTES = 8192;
  static final int MAX_HEADERS = 100;
  static final int MAX_BODY_BYTES = 16 * 1024;
  static final int MAX_FILE_BYTES = 16 * 1024 * 1024;

  private ServerOptions() {}

  static HttpServerOptions of(HttpSettings settings) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setMaxInitialLineLength(MAX_REQUEST_LINE)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false)
            .setTcpNoDelay(true)
            // There are none: else each request and answer passes one more handler.
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setAcceptBacklog(1024);
    HttpSettings.Tls tls = settings.tls();
    return tls == null ? options : secured(options, tls);
  }

  private static HttpServerOptions secured(HttpServerOptions options, HttpSettings.Tls tls) {
    options
        .setSsl(true)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(tls.certificate().toString())
                .setKeyPath(tls.key().toString()));
    if (tls.clientCa() != null) {
      options
          .setClientAuth(ClientAuth.REQUIRED)
          .setTrustOptions(new PemTrustOptions().addCertPath(tls.clientCa().toString()));
    }
    return options;
  }
}
