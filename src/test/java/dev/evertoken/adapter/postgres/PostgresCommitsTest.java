package dev.evertoken.adapter.postgres;

import dev.evertoken.port.CommitsContract;
import dev.evertoken.port.Stores;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresCommitsTest extends CommitsContract {

  private final StoreRig rig = new StoreRig();

  @AfterAll
  void close() {
    rig.close();
  }

  @Override
  protected Stores stores() {
    return new SharedStores(rig);
  }
}
