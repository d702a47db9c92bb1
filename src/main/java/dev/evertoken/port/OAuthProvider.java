package dev.evertoken.port;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RawAnswer;
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

  /** Reads an answer, just received or out of an escrow, as the platform's template says. */
  ProviderAnswer read(RawAnswer answer, Platform platform);

  /** A connection over which one refresh request can be sent. */
  interface Connection {

    /**
     * Presents the refresh token (RFC 6749, section 6), once: no redirect is followed and nothing
     * is repeated. What connecting left of the platform's total timeout bounds it. Fails with
     * {@link NoAnswer} when no head came back, and with {@link ConnectFailure} when the connection
     * had ended before anything was sent.
     */
    Future<RawAnswer> refresh(Secret refreshToken, ClientSecretChoice secret);

    /** Gives an unused connection up. */
    void close();
  }

  /** Which of the platform's client secrets to use: its index; ignored by public clients. */
  record ClientSecretChoice(int index) {}

  /** Revokes a token (RFC 7009), best effort: completes whatever happens. */
  Future<Void> revoke(
      Platform platform, @Nullable Proxy proxy, Secret refreshToken, ClientSecretChoice secret);

  /** The exchange ended before anything was sent. */
  final class ConnectFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Blame blame;

    /**
     * Says what failed.
     *
     * @param why a short public text without addresses' credentials
     */
    public ConnectFailure(Blame blame, String why) {
      super(why, null, false, false);
      this.blame = blame;
    }

    public Blame blame() {
      return blame;
    }

    public boolean proxyFault() {
      return blame == Blame.PROXY;
    }
  }

  /** What a connection failed by. */
  enum Blame {
    /** The proxy refused, timed out or misbehaved. */
    PROXY,
    /** The provider was not reached, be it through a proxy that works. */
    ROUTE,
    /** {@code egress.deny} forbids the address: our own settings. */
    DENIED,
    /** This process ran out of descriptors or memory. */
    OURSELVES
  }

  /** The request was sent, and no head of an answer came. */
  final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoAnswer(String why) {
      super(why, null, false, false);
    }
  }
}
