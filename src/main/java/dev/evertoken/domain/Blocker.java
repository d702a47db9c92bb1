package dev.evertoken.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that keeps an account from being picked.
 *
 * @param id of the proxy, or null
 * @param until when it ends, where that is known
 * @param why the cause of a bench, or the reason of a suspension; null where the kind says it all
 */
public record Blocker(Kind kind, @Nullable Long id, @Nullable Instant until, @Nullable String why) {

  /** Its last answer cannot be read: it is out until that is known. */
  private static final Blocker UNREAD =
      new Blocker(Kind.BENCH, null, null, WireName.of(BenchCause.OUTCOME_UNKNOWN));

  public enum Kind {
    BENCH,
    PROXY,
    PROVIDER,
    PAUSED,
    ERROR,
    DISABLED
  }

  /**
   * Everything that blocks the account now; empty: it is schedulable. A bench that serves valid
   * tokens blocks only where there is none (law 2), and a way that is closed only what needs it.
   */
  public static List<Blocker> of(Account account, Collection<Suspension> suspended, Instant now) {
    List<Blocker> blockers = new ArrayList<>();
    switch (account.status()) {
      case ACTIVE -> {}
      case ERROR -> blockers.add(new Blocker(Kind.ERROR, null, null, null));
      case DISABLED -> blockers.add(new Blocker(Kind.DISABLED, null, null, null));
    }
    if (account.paused()) {
      blockers.add(new Blocker(Kind.PAUSED, null, null, null));
    }
    boolean valid = account.credentials().validAt(now);
    boolean unread = account.credentials().unreadableSince() != null;
    if (unread && !valid) {
      blockers.add(UNREAD);
    }
    account.benches().activeAt(now).stream()
        .filter(bench -> !(valid && bench.cause().servesValidTokens()))
        .filter(bench -> !(unread && bench.cause() == BenchCause.OUTCOME_UNKNOWN))
        .forEach(bench -> blockers.add(of(bench)));
    if (account.type() == AccountType.OAUTH) {
      suspended.stream()
          .filter(suspension -> suspension.covers(account.route()))
          .forEach(suspension -> blockers.add(of(suspension)));
    }
    return List.copyOf(blockers);
  }

  private static Blocker of(Bench bench) {
    return new Blocker(Kind.BENCH, null, bench.until(), WireName.of(bench.cause()));
  }

  private static Blocker of(Suspension suspension) {
    Kind kind = suspension.ofProxy() ? Kind.PROXY : Kind.PROVIDER;
    return new Blocker(kind, suspension.proxyId(), suspension.until(), suspension.reason());
  }
}
