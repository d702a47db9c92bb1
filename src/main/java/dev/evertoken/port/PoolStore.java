package dev.evertoken.port;

import dev.evertoken.domain.Pool;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of the pools, and the counts of who is in them. */
public interface PoolStore {

  /** Every pool of which anything is stored. */
  Future<List<Pool>> all();

  /**
   * Stores the settings; fails with {@code precondition_failed} when the pool is of another
   * revision.
   *
   * @return the pool after it
   */
  Future<Pool> save(Pool wanted, OptionalLong ifRevision);

  /**
   * Deletes the settings, if there are any; fails with {@code precondition_failed} when the pool is
   * of another revision.
   */
  Future<Void> remove(String pool, OptionalLong ifRevision);

  /** Who is in one pool, of the accounts that are asked for. */
  Future<Members> members(String pool, Whose whose);

  /** The pools that have such accounts, by name, after the cursor. */
  Future<List<Members>> list(Whose whose, int limit, String afterName);

  /**
   * Which pools and accounts count.
   *
   * @param names pools that are shown also without accounts
   * @param pools only these pools, and those of {@code accounts}; both empty: all
   */
  record Whose(Set<String> names, Set<String> pools, Set<Long> accounts) {

    public Whose {
      names = Set.copyOf(names);
      pools = Set.copyOf(pools);
      accounts = Set.copyOf(accounts);
    }

    public boolean limited() {
      return !pools.isEmpty() || !accounts.isEmpty();
    }
  }

  /**
   * The accounts of a pool, counted.
   *
   * @param byState {@code usable}, {@code benched}, {@code suspended}, {@code paused}, {@code
   *     error}, {@code disabled}
   * @param nextRecovery when the first that is out may be back; null where no time is known
   */
  record Members(String pool, Map<String, Long> byState, @Nullable Instant nextRecovery) {

    public Members {
      byState = Map.copyOf(byState);
    }
  }
}
