package dev.evertoken.port;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Route;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The benches in PostgreSQL, their authority; each cause is set, extended and cleared on its own
 * (law 8).
 */
public interface BenchStore {

  /**
   * Sets the bench or moves its end later. Empty when nothing changed: the end was not later, the
   * evidence older than the last clear of that cause, or the account is gone.
   *
   * @param evidence when that happened which the bench is for
   */
  Future<Optional<Account>> set(long account, Bench bench, Instant evidence);

  /**
   * Ends the benches of these causes. Empty when the account is gone or none of them was active.
   */
  Future<Optional<Account>> clear(long account, Set<BenchCause> causes);

  /**
   * Ends the {@code refresh_failed} benches that an outage of the route set from then on; answers
   * the accounts changed.
   */
  Future<List<Account>> clearOutage(Route route, Instant since);
}
