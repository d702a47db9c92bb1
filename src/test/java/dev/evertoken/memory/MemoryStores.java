package dev.evertoken.memory;

import dev.evertoken.port.AccountStore;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.ClientStore;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.Stores;
import dev.evertoken.sim.VirtualTime;
import java.time.Instant;

/** The stores in memory for the contracts. */
final class MemoryStores implements Stores {

  private final MemoryDatabase database = new MemoryDatabase(new VirtualTime());
  private final AccountStore accounts = new MemoryAccounts(database);

  @Override
  public AccountStore accounts() {
    return accounts;
  }

  @Override
  public BenchStore benches() {
    return new MemoryBenches(database);
  }

  @Override
  public RefreshClaims claims() {
    return new MemoryClaims(database, "node-1");
  }

  @Override
  public RouteStore routes() {
    return new MemoryRoutes(database);
  }

  @Override
  public ClientStore clients() {
    return new MemoryClients(database);
  }

  @Override
  public Instant now() {
    return database.now();
  }
}
