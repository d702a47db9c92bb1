package dev.evertoken.port;

import java.time.Instant;

/**
 * The stores that a contract is tried on. All are of one database, which other tests may use too: a
 * test works on a platform, and on proxies, of its own.
 *
 * <p>No clock is moved: a test that needs a time which has passed writes one, such as a lapse of
 * zero or a probe that was due a minute ago.
 */
public interface Stores {

  AccountStore accounts();

  BenchStore benches();

  RefreshClaims claims();

  RouteStore routes();

  ClientStore clients();

  /** The stores' own clock. */
  Instant now();
}
