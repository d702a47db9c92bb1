package dev.evertoken.app.route;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Way;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that has ended, as far as its route is concerned.
 *
 * @param account as it was when it was claimed
 * @param sentAt when its request was begun
 * @param traceId names the request of a caller that it was made for, in the log; or null
 */
public record Exchanged(
    Platform platform, Account account, Pass pass, Instant sentAt, @Nullable String traceId) {

  Route route() {
    return account.route();
  }

  Way way() {
    return Way.of(route());
  }

  /** Whether it says nothing about its route: the account fails for its own reasons. */
  boolean proves() {
    return !account.credentials().history().own();
  }
}
