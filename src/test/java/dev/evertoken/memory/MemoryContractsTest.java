package dev.evertoken.memory;

import dev.evertoken.port.BenchStoreContract;
import dev.evertoken.port.ClientStoreContract;
import dev.evertoken.port.CommitsContract;
import dev.evertoken.port.DueAccountsContract;
import dev.evertoken.port.ProbesContract;
import dev.evertoken.port.RefreshClaimsContract;
import dev.evertoken.port.RefreshTokenEndsContract;
import dev.evertoken.port.RouteStoreContract;
import dev.evertoken.port.Stores;
import org.junit.jupiter.api.Nested;

/** The stores in memory keep to what those in PostgreSQL keep to. */
class MemoryContractsTest {

  private final Stores stores = new MemoryStores();

  @Nested
  class OfTheClaims extends RefreshClaimsContract {
    @Override
    protected Stores stores() {
      return stores;
    }
  }

  @Nested
  class Commits extends CommitsContract {
    @Override
    protected Stores stores() {
      return stores;
    }
  }

  @Nested
  class OfDueAccounts extends DueAccountsContract {
    @Override
    protected Stores stores() {
      return stores;
    }
  }

  @Nested
  class OfTheBenches extends BenchStoreContract {
    @Override
    protected Stores stores() {
      return stores;
    }
  }

  @Nested
  class OfTheRoutes extends RouteStoreContract {
    @Override
    protected Stores stores() {
      return stores;
    }
  }

  @Nested
  class OfTheProbes extends ProbesContract {
    @Override
    protected Stores stores() {
      return stores;
    }
  }

  @Nested
  class OfTheClients extends ClientStoreContract {
    @Override
    protected Stores stores() {
      return stores;
    }
  }

  @Nested
  class OfTheEndsOfRefreshTokens extends RefreshTokenEndsContract {
    @Override
    protected Stores stores() {
      return stores;
    }
  }
}
