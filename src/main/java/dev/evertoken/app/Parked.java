package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Due accounts whose route is left alone: one of them at a time is the probe when that is due, and
 * all come back as soon as the route does. Safe for any thread.
 */
final class Parked {

  private static final int MOST = 10_000;

  private final Routes routes;
  private final Time time;
  private final Map<Long, Account> accounts = new LinkedHashMap<>();
  private Map<Instant, List<Long>> fresh = new HashMap<>();

  Parked(Routes routes, Time time) {
    this.routes = routes;
    this.time = time;
  }

  /** True: its refresh did not take place because of its route, and it is kept. */
  synchronized boolean keepIfRefused(Account account, RefreshOutcome outcome) {
    Suspension suspension = routes.suspended(account.route());
    if (!(outcome instanceof RefreshOutcome.Failed)
        || suspension == null
        || accounts.size() >= MOST) {
      return false;
    }
    accounts.put(account.id(), outcome.account());
    fresh.computeIfAbsent(suspension.probeAt(), at -> new ArrayList<>()).add(account.id());
    return true;
  }

  /** Those kept since the last call, by when their route is tried next. */
  synchronized Map<Instant, List<Long>> fresh() {
    Map<Instant, List<Long>> since = fresh;
    fresh = new HashMap<>();
    return since;
  }

  /** Those to try now, at most so many of each platform; they are no longer parked. */
  synchronized List<Account> ready(Map<String, Integer> room) {
    List<Account> ready = new ArrayList<>();
    Map<String, Integer> left = new HashMap<>(room);
    Set<Route> probed = new HashSet<>();
    Iterator<Account> all = accounts.values().iterator();
    while (all.hasNext()) {
      Account account = all.next();
      int places = left.getOrDefault(account.platform(), 0);
      if (places > 0 && mayBeTried(account.route(), probed)) {
        left.put(account.platform(), places - 1);
        ready.add(account);
        all.remove();
      }
    }
    return ready;
  }

  private boolean mayBeTried(Route route, Set<Route> probed) {
    Suspension suspension = routes.suspended(route);
    return suspension == null
        || (!time.instant().isBefore(suspension.probeAt()) && probed.add(route));
  }

  synchronized boolean isEmpty() {
    return accounts.isEmpty();
  }
}
