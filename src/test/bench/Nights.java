import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.ProviderCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Figures of refreshes and clusters, each as a ratio within one run, over a PostgreSQL that syncs
 * its commits, a Redis, a simulated provider in this JVM, and nodes in JVMs of their own.
 *
 * <p>{@code java -cp target/evertoken.jar src/test/bench/Nights.java
 * isolation|refreshes|expiry|benches}
 */
final class Nights {

  private Nights() {}

  static void main(String[] arguments) throws Exception {
    switch (arguments.length == 1 ? arguments[0] : "") {
      case "isolation" -> isolation();
      case "refreshes" -> refreshes();
      case "expiry" -> expiry();
      case "benches" -> benches();
      default -> System.err.println("isolation, refreshes, expiry or benches?");
    }
    System.exit(0);
  }

  /** The p99 of healthy accounts with a hundred accounts on a black-holed proxy, and with none. */
  private static void isolation() throws Exception {
    try (Fleet bench = new Fleet("{concurrency: 16, per_second: 100000}");
        BlackHole hole = new BlackHole()) {
      bench.start(false, false);
      bench.provider().switches().change(draft -> draft.delay(Duration.ofMillis(50)));
      long proxy =
          bench
              .call(0, "POST", "/v1/proxies", "{\"name\":\"hole\",\"url\":\"" + hole.url() + "\"}")
              .getLong("id");
      List<Long> stuck = bench.accounts(100, ",\"proxy_id\":" + proxy, Duration.ofHours(-1));
      healthy(bench, "warm-up");
      for (int round = 1; round <= 3; round++) {
        double[] none = healthy(bench, "none on it");
        AtomicBoolean over = new AtomicBoolean();
        for (long id : stuck) {
          Thread.ofVirtual().start(() -> askOn(bench, id, over));
        }
        double[] with = healthy(bench, "100 on it ");
        over.set(true);
        System.out.printf(
            "round %d: p99 warm %.2f ms against %.2f ms: %.2f; refreshing %.1f ms against %.1f ms:"
                + " %.2f%n",
            round, with[0], none[0], with[0] / none[0], with[1], none[1], with[1] / none[1]);
      }
    }
  }

  private static void askOn(Fleet bench, long id, AtomicBoolean over) {
    while (!over.get()) {
      bench
          .send(bench.request(0, "GET", "/v1/accounts/" + id + "/token?max_wait_ms=6000", null))
          .join();
    }
  }

  /** p99 in ms of tokens that are there, and of tokens that must be refreshed first. */
  private static double[] healthy(Fleet bench, String title) throws Exception {
    List<Long> fresh = bench.accounts(50, "", Duration.ofMinutes(50));
    List<Long> expired = bench.accounts(300, "", Duration.ofHours(-1));
    double[] warm =
        bench.times(8, 20_000, i -> bench.request(0, "GET", Fleet.token(fresh.get(i % 50)), null));
    double[] cold =
        bench.times(8, 300, i -> bench.request(0, "GET", Fleet.token(expired.get(i)), null));
    System.out.printf(
        "%s: warm p50 %.2f p99 %.2f ms, refreshing p50 %.1f p99 %.1f ms%n",
        title, Fleet.at(warm, 50), Fleet.at(warm, 99), Fleet.at(cold, 50), Fleet.at(cold, 99));
    return new double[] {Fleet.at(warm, 99), Fleet.at(cold, 99)};
  }

  /** Refreshes a second with a provider of 100 ms against concurrency by latency. */
  private static void refreshes() throws Exception {
    int concurrency = 64;
    int count = Integer.getInteger("count", 6_000);
    try (Fleet bench = new Fleet("{concurrency: 64, per_second: 100000}")) {
      int preparing = bench.start(false, false);
      bench.accounts(count, "", Duration.ofHours(-1));
      bench.stop(preparing);
      double commits = bench.commitsPerSecond();
      bench.provider().switches().change(draft -> draft.delay(Duration.ofMillis(100)));
      bench.start(true, false);
      while (bench.provider().ledger().calls(Endpoint.TOKEN) < count) {
        Thread.sleep(200);
      }
      List<Instant> calls =
          bench.provider().ledger().calls().stream()
              .filter(call -> call.endpoint() == Endpoint.TOKEN)
              .map(ProviderCall::at)
              .sorted()
              .toList();
      // The first third belongs to the JVM's compiler.
      Instant from = calls.get(count / 3);
      Instant to = calls.get(count - 100);
      double rate = (count - 100 - count / 3) * 1000.0 / Duration.between(from, to).toMillis();
      double ideal = concurrency * 10.0;
      double bar = Math.min(ideal, commits / 2);
      System.out.printf(
          "%.0f refreshes/s; concurrency by latency %.0f/s: %.2f; PostgreSQL commits %.0f/s from 8"
              + " connections, two for each refresh: %.0f/s; against the lower of both: %.2f%n",
          rate, ideal, rate / ideal, commits, commits / 2, rate / bar);
    }
  }

  /** A thousand callers on three nodes at the moment of expiry. */
  private static void expiry() throws Exception {
    Duration delay = Duration.ofSeconds(1);
    try (Fleet bench = new Fleet("{concurrency: 16, per_second: 100000}")) {
      for (int i = 0; i < 3; i++) {
        bench.start(false, true);
      }
      bench.provider().switches().change(draft -> draft.delay(delay));
      for (int round = 0; round <= 5; round++) {
        NewFamily family = bench.provider().newFamily();
        long id = bench.account(family, "", Duration.ofMinutes(-1));
        double[] waits =
            bench.times(1000, 1000, i -> bench.request(i % 3, "GET", Fleet.token(id), null));
        int calls = bench.provider().ledger().presentations(family.id()).size();
        if (round > 0) {
          System.out.printf(
              "round %d: %d call of the provider; waits p50 %.0f p99 %.0f ms, the provider's delay"
                  + " %d ms: %.2f%n",
              round,
              calls,
              Fleet.at(waits, 50),
              Fleet.at(waits, 99),
              delay.toMillis(),
              Fleet.at(waits, 99) / delay.toMillis());
        }
      }
    }
  }

  /** How long after its answer a bench is effective on the other two nodes. */
  private static void benches() throws Exception {
    int count = Integer.getInteger("count", 1_000);
    try (Fleet bench = new Fleet("{concurrency: 16, per_second: 100000}")) {
      for (int i = 0; i < 3; i++) {
        bench.start(false, true);
      }
      List<Long> ids = bench.accounts(count + 100, "", Duration.ofMinutes(50));
      for (int node = 0; node < 3; node++) {
        int number = node;
        bench.times(
            8, ids.size(), i -> bench.request(number, "GET", Fleet.token(ids.get(i)), null));
      }
      List<Double> seen = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        double[] both = bench(bench, i % 3, ids.get(i));
        if (i >= 100) {
          seen.add(both[0]);
          seen.add(both[1]);
        }
      }
      double[] sorted = seen.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      System.out.printf(
          "%d benches, on each of two other nodes: p50 %.1f p99 %.1f max %.1f ms after the answer"
              + " to whoever set it%n",
          count, Fleet.at(sorted, 50), Fleet.at(sorted, 99), sorted[sorted.length - 1]);
    }
  }

  private static double[] bench(Fleet bench, int node, long id) throws Exception {
    String path = "/v1/accounts/" + id + "/temp-unschedulable";
    bench.call(node, "PUT", path, "{\"seconds\":600,\"reason\":\"bench\"}");
    long set = System.nanoTime();
    List<CompletableFuture<Double>> seen = new ArrayList<>();
    for (int other = 1; other < 3; other++) {
      int number = (node + other) % 3;
      CompletableFuture<Double> one = new CompletableFuture<>();
      seen.add(one);
      Thread.ofVirtual().start(() -> one.complete(untilWithheld(bench, number, id, set)));
    }
    return seen.stream().mapToDouble(CompletableFuture::join).toArray();
  }

  private static double untilWithheld(Fleet bench, int node, long id, long set) {
    while (bench.send(bench.request(node, "GET", Fleet.token(id), null)).join().statusCode()
        == 200) {
      // Once more.
    }
    return (System.nanoTime() - set) / 1e6;
  }
}
