package dev.evertoken.app;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.port.ProxyProbe;
import dev.evertoken.port.ProxyProbe.Reached;
import dev.evertoken.port.ProxyStore;
import io.vertx.core.Future;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** Tests proxies for operators: to the token URLs of the accounts that use them. */
public final class ProxyTests {

  private final ProxyAdmin proxies;
  private final ProxyStore store;
  private final Platforms platforms;
  private final ProxyProbe probe;

  ProxyTests(ProxyAdmin proxies, ProxyStore store, Platforms platforms, ProxyProbe probe) {
    this.proxies = proxies;
    this.store = store;
    this.platforms = platforms;
    this.probe = probe;
  }

  /** Tries the proxy, be it suspended or switched off; empty: there is nowhere to go. */
  public Future<List<Reached>> test(Caller caller, long id) {
    return proxies
        .find(caller, id)
        .compose(proxy -> store.platformsOf(id).compose(used -> probe.test(proxy, targets(used))));
  }

  /** Of a proxy that nobody uses yet: everywhere. */
  private List<URI> targets(Set<String> used) {
    List<Platform> configured = platforms.all().stream().filter(Platform::configured).toList();
    List<URI> inUse =
        configured.stream()
            .filter(platform -> used.contains(platform.name()))
            .map(Platform::tokenUrl)
            .distinct()
            .sorted()
            .toList();
    return inUse.isEmpty()
        ? configured.stream().map(Platform::tokenUrl).distinct().sorted().toList()
        : inUse;
  }
}
