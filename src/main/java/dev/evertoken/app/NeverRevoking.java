package dev.evertoken.app;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A provider that is never asked to revoke. A replay does not know the proxy of an account that is
 * gone, and must not connect without it.
 */
record NeverRevoking(OAuthProvider provider) implements OAuthProvider {

  @Override
  public Future<Connection> connect(Platform platform, @Nullable Proxy proxy) {
    return provider.connect(platform, proxy);
  }

  @Override
  public ProviderAnswer read(RawAnswer answer, Platform platform) {
    return provider.read(answer, platform);
  }

  @Override
  public Future<Void> revoke(Platform platform, @Nullable Proxy proxy, Secret refreshToken) {
    return Future.succeededFuture();
  }
}
