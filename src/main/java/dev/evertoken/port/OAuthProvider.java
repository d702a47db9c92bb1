package dev.evertoken.port;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The token endpoint of a platform, over HTTP. */
public interface OAuthProvider {

  /**
   * Connects (TCP, proxy, TLS) within the connect and TLS deadlines, and sends nothing.
   *
   * @param proxy the proxy to go through; null: directly
   * @return the connection; fails with {@link ConnectFailure}
   */
  Future<Connection> connect(Platform platform, @Nullable Proxy proxy);

  /** Reads an answer again that the escrow kept. */
  ProviderAnswer read(int status, Secret body);

  /** A connection over which one refresh request can be sent. */
  interface Connection {

    /**
     * Presents the refresh token (RFC 6749, section 6), once: no redirect is followed and nothing
     * is repeated. What connecting left of the platform's total timeout bounds it. Fails with
     * {@link NoAnswer} when nothing usable came back, and with {@link ConnectFailure} when the
     * connection had ended before anything was sent.
     */
    Future<ProviderAnswer> refresh(Secret refreshToken, ClientSecretChoice secret);

    /** Gives an unused connection up. */
    void close();
  }

  /** Which of the platform's client secrets to use: its index; ignored by public clients. */
  record ClientSecretChoice(int index) {}

  /** Revokes a token (RFC 7009), best effort: completes whatever happens. */
  Future<Void> revoke(Platform platform, @Nullable Proxy proxy, Secret refreshToken);

  /** The exchange ended before anything was sent. */
  final class ConnectFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final boolean proxyFault;

    /**
     * Says what failed.
     *
     * @param proxyFault whether the proxy refused, timed out or misbehaved
     * @param why a short public text without addresses' credentials
     */
    public ConnectFailure(boolean proxyFault, String why) {
      super(why, null, false, false);
      this.proxyFault = proxyFault;
    }

    public boolean proxyFault() {
      return proxyFault;
    }
  }

  /** The request was sent, and no complete answer came. */
  final class NoAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NoAnswer(String why) {
      super(why, null, false, false);
    }
  }
}
