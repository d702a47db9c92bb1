package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Blocker;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.AccountStore.Filter;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Which accounts a list shows at that time. */
record Listed(Filter filter, List<Suspension> closed, Instant now) {

  boolean shows(Account account) {
    boolean seen =
        (filter.pools().isEmpty() && filter.accounts().isEmpty())
            || filter.accounts().contains(account.id())
            || filter.pools().contains(account.platform())
            || !Collections.disjoint(filter.pools(), account.pools());
    return seen
        && (filter.platform() == null || filter.platform().equals(account.platform()))
        && (filter.pool() == null || account.inPool(filter.pool()))
        && (filter.status() == null || filter.status() == account.status())
        && (filter.name() == null || lower(account.name()).contains(lower(filter.name())))
        && (filter.endsBefore() == null || endsBefore(account, filter.endsBefore()))
        && (filter.needs() == null || needsAttention(account))
        && (filter.schedulable() == null
            || filter.schedulable() == Blocker.of(account, closed, now).isEmpty());
  }

  private boolean needsAttention(Account account) {
    return account.status() == AccountStatus.ERROR
        || account.credentials().unknownSince() != null
        || endsBefore(account, now.plus(AccountStore.NEAR_ITS_END));
  }

  private static boolean endsBefore(Account account, Instant time) {
    Instant end = account.credentials().refresh().endsAt();
    return end != null && end.isBefore(time);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
