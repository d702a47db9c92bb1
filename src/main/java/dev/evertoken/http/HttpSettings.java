package dev.evertoken.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the HTTP server listens, and how.
 *
 * @param port 0 picks a free one
 * @param tls null: plain HTTP
 */
public record HttpSettings(String host, int port, @Nullable Tls tls) {

  /**
   * The files of TLS, all PEM.
   *
   * @param clientCa callers must show a certificate of this authority; null: none is asked for
   */
  public record Tls(Path certificate, Path key, @Nullable Path clientCa) {}
}
