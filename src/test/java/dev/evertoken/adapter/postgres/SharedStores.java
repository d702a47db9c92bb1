package dev.evertoken.adapter.postgres;

import dev.evertoken.port.AccountStore;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.ClientStore;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.Stores;
import java.time.Instant;

/** The stores of PostgreSQL for the contracts. */
record SharedStores(StoreRig rig) implements Stores {

  @Override
  public AccountStore accounts() {
    return rig.stores.accounts();
  }

  @Override
  public BenchStore benches() {
    return rig.stores.benches();
  }

  @Override
  public RefreshClaims claims() {
    return rig.stores.claims();
  }

  @Override
  public RouteStore routes() {
    return rig.stores.routes();
  }

  @Override
  public ClientStore clients() {
    return rig.stores.clients();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }
}
