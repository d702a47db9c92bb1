package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.RefreshPolicy;
import java.time.Duration;

/**
 * How long one exchange may take.
 *
 * @param connect from the name to a connection, through the proxy if there is one
 * @param tls one TLS handshake
 * @param total connecting and the exchange together
 */
record Patience(Duration connect, Duration tls, Duration total) {

  static Patience of(RefreshPolicy policy) {
    return new Patience(policy.connectTimeout(), policy.tlsTimeout(), policy.totalTimeout());
  }
}
