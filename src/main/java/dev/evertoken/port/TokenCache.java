package dev.evertoken.port;

import dev.evertoken.domain.Account;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The shared cache of answers in Redis. It only ever moves forward by revision, holds no refresh
 * token, and never fails or hangs: a cache that cannot be used is a miss, at once.
 */
public interface TokenCache {

  Future<Optional<Account>> get(long account);

  /** Writes the account for that long, unless a higher revision (or tombstone) is there. */
  Future<Void> put(Account account, Duration ttl);

  /** Leaves a tombstone: nothing up to that revision is served or written any more. */
  Future<Void> remove(long account, long revision);

  /**
   * Brings what is cached of these accounts under the primary key, entry by entry where it is still
   * the one that was read; what cannot be opened goes. Unlike the others it fails, with {@code
   * storage_unavailable}, while Redis is away.
   *
   * @return how many entries were sealed again or dropped
   */
  Future<Integer> reseal(List<Long> accounts);

  boolean up();
}
