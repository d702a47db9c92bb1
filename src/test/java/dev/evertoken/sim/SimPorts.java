package dev.evertoken.sim;

import dev.evertoken.domain.Platforms;
import dev.evertoken.memory.QuietPorts;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.ChangeFeed;
import dev.evertoken.port.ClientStore;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.EventLog;
import dev.evertoken.port.Nodes;
import dev.evertoken.port.Notices;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.PoolStore;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.TokenCache;

/** The ports of one process, from which {@code CorePorts} is made. */
record SimPorts(
    NodeTime time,
    Platforms platforms,
    Stores stores,
    TokenCache cache,
    Escrow escrow,
    OAuthProvider provider,
    Cluster cluster,
    QuietPorts quiet) {

  /** The same with other claims. */
  SimPorts with(RefreshClaims claims) {
    Stores others =
        new Stores(
            stores.accounts(),
            stores.benches(),
            claims,
            stores.routes(),
            stores.clients(),
            stores.proxies(),
            stores.pools(),
            stores.changes(),
            stores.events());
    return new SimPorts(time, platforms, others, cache, escrow, provider, cluster, quiet);
  }

  /** What lies in PostgreSQL. */
  record Stores(
      AccountStore accounts,
      BenchStore benches,
      RefreshClaims claims,
      RouteStore routes,
      ClientStore clients,
      ProxyStore proxies,
      PoolStore pools,
      ChangeFeed changes,
      EventLog events) {}

  /** The other nodes. */
  record Cluster(Notices notices, Nodes nodes) {}
}
