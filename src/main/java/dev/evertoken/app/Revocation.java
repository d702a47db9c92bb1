package dev.evertoken.app;

import dev.evertoken.app.refresh.ClientSecrets;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.Deleted;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.OAuthProvider.ClientSecretChoice;
import dev.evertoken.port.ProxyStore;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revokes the refresh tokens of deleted accounts upstream, best effort, and nobody waits for it.
 */
final class Revocation {

  private static final Logger LOG = LoggerFactory.getLogger(Revocation.class);

  private final Platforms platforms;
  private final ProxyStore proxies;
  private final OAuthProvider provider;
  private final ClientSecrets secrets;

  Revocation(
      Platforms platforms, ProxyStore proxies, OAuthProvider provider, ClientSecrets secrets) {
    this.platforms = platforms;
    this.proxies = proxies;
    this.provider = provider;
    this.secrets = secrets;
  }

  void revoke(Deleted deleted) {
    Secret token = deleted.refreshToken();
    Account account = deleted.account();
    Optional<Platform> platform =
        platforms
            .find(account.platform())
            .filter(known -> known.configured() && known.revocationUrl() != null);
    if (token == null || platform.isEmpty()) {
      return;
    }
    revoke(platform.get(), account, token)
        .onFailure(
            failure -> LOG.atWarn().addKeyValue("account", account.id()).log("revocation_failed"));
  }

  private Future<Void> revoke(Platform platform, Account account, Secret token) {
    Long proxyId = account.proxyId();
    ClientSecretChoice secret = secrets.first(platform);
    return proxyId == null
        ? provider.revoke(platform, null, token, secret)
        : proxies
            .find(proxyId)
            .compose(proxy -> provider.revoke(platform, usable(proxy), token, secret));
  }

  /** Without its proxy the account is never spoken for (law 10). */
  private static Proxy usable(Optional<Proxy> proxy) {
    return proxy
        .filter(known -> !known.disabled())
        .orElseThrow(() -> new IllegalStateException("the proxy is missing or disabled"));
  }
}
