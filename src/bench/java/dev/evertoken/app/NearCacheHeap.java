package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.port.Time;
import java.time.Duration;
import java.util.function.LongFunction;

/** What the heap grows by for each account in the near cache. */
public final class NearCacheHeap {

  private NearCacheHeap() {}

  /** Bytes an account, keys of its floors included. */
  public static double bytesPerAccount(Time time, int accounts, LongFunction<Account> account) {
    NearCache near =
        new NearCache(time, Duration.ofSeconds(10), Duration.ofMinutes(5), accounts * 2L);
    long before = used();
    for (long id = 1; id <= accounts; id++) {
      near.keep(account.apply(id));
      near.heardOf(id, 1);
    }
    long after = used();
    if (near.fresh(accounts) == null) {
      throw new IllegalStateException("not kept");
    }
    return (double) (after - before) / accounts;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
