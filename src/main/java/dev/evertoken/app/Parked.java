package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.Time;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Due accounts whose route is left alone: one of them at a time is the probe when that is due, and
 * all come back as soon as the route does.
 */
final class Parked {

  private static final int MOST = 10_000;

  private final Routes routes;
  private final Time time;
  private final Map<Long, Account> accounts = new LinkedHashMap<>();

  Parked(Routes routes, Time time) {
    this.routes = routes;
    this.time = time;
  }

  /** Keeps the account if its refresh did not take place because of its route. */
  synchronized void keepIfRefused(Account account, RefreshOutcome outcome) {
    boolean refused =
        outcome instanceof RefreshOutcome.Failed
            && routes.suspended(account.route()) != null
            && accounts.size() < MOST;
    if (refused) {
      accounts.put(account.id(), outcome.account());
    }
  }

  /** Those to try now; they are no longer parked. */
  synchronized List<Account> ready() {
    List<Account> ready = new ArrayList<>();
    Map<Route, Boolean> probed = new LinkedHashMap<>();
    Iterator<Account> all = accounts.values().iterator();
    while (all.hasNext()) {
      Account account = all.next();
      Suspension suspension = routes.suspended(account.route());
      boolean free = suspension == null;
      boolean probe =
          suspension != null
              && !time.instant().isBefore(suspension.probeAt())
              && probed.putIfAbsent(account.route(), true) == null;
      if (free || probe) {
        ready.add(account);
        all.remove();
      }
    }
    return ready;
  }

  synchronized boolean isEmpty() {
    return accounts.isEmpty();
  }
}
