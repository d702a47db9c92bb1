package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;

import dev.evertoken.domain.AccountStatus;
import dev.evertoken.port.AccountStore.Filter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Times the pages of the list of accounts over two databases, one of 1 000 accounts and one of many
 * more, in turns; prints a table. Run it with {@code src/test/bench/million-accounts.sh}.
 */
public final class ListBench {

  private static final int FEW = 1000;
  private static final int ROUNDS = 200;
  private static final int PAGE = 50;

  private ListBench() {}

  public static void main(String[] args) {
    int many = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    try (StoreRig small = new StoreRig();
        StoreRig large = new StoreRig()) {
      ManyAccounts.fill(small, FEW);
      ManyAccounts.fill(large, many);
      System.out.printf(
          "| Page of %d | %d accounts, ms | %d accounts, ms | Ratio |%n", PAGE, FEW, many);
      System.out.println("|---|---|---|---|");
      Map<String, Runnable> fewer = calls(small, FEW);
      Map<String, Runnable> more = calls(large, many);
      fewer.forEach((what, call) -> compare(what, call, Objects.requireNonNull(more.get(what))));
    }
    System.exit(0);
  }

  private static void compare(String what, Runnable few, Runnable many) {
    double[] first = new double[ROUNDS];
    double[] second = new double[ROUNDS];
    for (int i = -ROUNDS / 4; i < ROUNDS; i++) {
      double one = millis(few);
      double other = millis(many);
      if (i >= 0) {
        first[i] = one;
        second[i] = other;
      }
    }
    Arrays.sort(first);
    Arrays.sort(second);
    double a = first[ROUNDS / 2];
    double b = second[ROUNDS / 2];
    System.out.printf("| %s | %.2f | %.2f | %.2f |%n", what, a, b, b / a);
  }

  private static double millis(Runnable call) {
    long begun = System.nanoTime();
    call.run();
    return (System.nanoTime() - begun) / 1e6;
  }

  private static Map<String, Runnable> calls(StoreRig rig, int accounts) {
    long middle = accounts / 2;
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("no filter", list(rig, Filter.ALL, 0));
    calls.put("no filter, in the middle", list(rig, Filter.ALL, middle));
    calls.put("`platform`", list(rig, filter("gemini", null, null, null, null), middle));
    calls.put("`pool` of all", list(rig, filter(null, "large", null, null, null), middle));
    calls.put("`pool` of a tenth", list(rig, filter(null, "tenth", null, null, null), middle));
    calls.put("`pool` of the last 20", list(rig, filter(null, "last", null, null, null), 0));
    calls.put("`status=error`", list(rig, filter(null, null, AccountStatus.ERROR, null, null), 0));
    calls.put(
        "`status=active`", list(rig, filter(null, null, AccountStatus.ACTIVE, null, null), middle));
    calls.put("`schedulable=true`", list(rig, filter(null, null, null, true, null), middle));
    calls.put("`schedulable=false`", list(rig, filter(null, null, null, false, null), 0));
    calls.put("`name`", list(rig, filter(null, null, null, null, "account-77"), 0));
    calls.put(
        "`pool`, `platform` and `schedulable`",
        list(rig, filter("antigravity", "tenth", null, true, null), 0));
    calls.put(
        "a key limited to a pool and three accounts",
        list(rig, new Filter(null, null, null, null, null, Set.of("last"), Set.of(1L, 3L, 5L)), 0));
    calls.put(
        "one page of the view of a pool",
        () -> get(rig.stores.changes().members("large", PAGE, middle)));
    calls.put("one account by id", () -> get(rig.stores.accounts().find(middle)));
    return calls;
  }

  private static Runnable list(StoreRig rig, Filter filter, long after) {
    return () -> get(rig.stores.accounts().list(filter, PAGE, after));
  }

  private static Filter filter(
      @Nullable String platform,
      @Nullable String pool,
      @Nullable AccountStatus status,
      @Nullable Boolean schedulable,
      @Nullable String name) {
    return new Filter(platform, pool, status, schedulable, name, Set.of(), Set.of());
  }
}
